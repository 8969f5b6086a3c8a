package dev.postern.bench;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256-GCM by the JDK with nothing around it: one reused `Cipher`.
final class BareCipher {
    static final int HEADER = 44;
    static final int TAG = 16;
    private static final int NONCE = 12;
    private static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "AES");

    private final Cipher cipher;
    private final byte[] header = new byte[HEADER];
    private final byte[] plain;
    private final byte[] ciphertext;
    private long seq;

    private BareCipher(int length) throws GeneralSecurityException {
        this.cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
        this.plain = new byte[length];
        this.ciphertext = new byte[length + TAG];
    }

    static BareCipher of(int length) {
        try {
            return new BareCipher(length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Seals its octets under the next nonce.
    byte[] seal() throws GeneralSecurityException {
        cipher.init(Cipher.ENCRYPT_MODE, KEY, nonce(++seq));
        cipher.updateAAD(header);
        return cipher.doFinal(plain);
    }

    /// The same into an array that is there already.
    byte[] sealInto() throws GeneralSecurityException {
        cipher.init(Cipher.ENCRYPT_MODE, KEY, nonce(++seq));
        cipher.updateAAD(header);
        cipher.doFinal(plain, 0, plain.length, ciphertext, 0);
        return ciphertext;
    }

    /// Opens what another sealed last into its array.
    byte[] open(BareCipher sealed) throws GeneralSecurityException {
        cipher.init(Cipher.DECRYPT_MODE, KEY, nonce(sealed.seq));
        cipher.updateAAD(sealed.header);
        return cipher.doFinal(sealed.ciphertext);
    }

    /// The same into an array that is there already.
    byte[] openInto(BareCipher sealed) throws GeneralSecurityException {
        cipher.init(Cipher.DECRYPT_MODE, KEY, nonce(sealed.seq));
        cipher.updateAAD(sealed.header);
        cipher.doFinal(sealed.ciphertext, 0, sealed.ciphertext.length, plain, 0);
        return plain;
    }

    private static GCMParameterSpec nonce(long seq) {
        byte[] nonce = ByteBuffer.allocate(NONCE).putInt(0).putLong(seq).array();
        return new GCMParameterSpec(8 * TAG, nonce);
    }
}
