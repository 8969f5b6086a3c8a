package dev.postern.kms;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// AES-256-GCM with a random 96-bit nonce in front: `nonce || ciphertext || tag`. Keys here seal far fewer than
/// 2^32 values, the bound of NIST SP 800-38D section 8.3.
final class Aes256Gcm {
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private Aes256Gcm() {}

    static byte[] seal(SecretKey key, byte[] plaintext, byte[] associated, SecureRandom random)
            throws GeneralSecurityException {
        return seal(Cipher.getInstance(ALGORITHM), key, plaintext, associated, random);
    }

    /// The same where the key lives.
    static byte[] seal(SecretKey key, byte[] plaintext, byte[] associated, SecureRandom random, Provider provider)
            throws GeneralSecurityException {
        return seal(Cipher.getInstance(ALGORITHM, provider), key, plaintext, associated, random);
    }

    private static byte[] seal(Cipher cipher, SecretKey key, byte[] plaintext, byte[] associated, SecureRandom random)
            throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(associated);
        byte[] sealed = cipher.doFinal(plaintext);
        return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /// @throws GeneralSecurityException if it was not sealed under this key and these associated bytes
    static byte[] open(SecretKey key, byte[] sealed, byte[] associated) throws GeneralSecurityException {
        return open(Cipher.getInstance(ALGORITHM), key, sealed, associated);
    }

    /// The same where the key lives.
    static byte[] open(SecretKey key, byte[] sealed, byte[] associated, Provider provider)
            throws GeneralSecurityException {
        return open(Cipher.getInstance(ALGORITHM, provider), key, sealed, associated);
    }

    private static byte[] open(Cipher cipher, SecretKey key, byte[] sealed, byte[] associated)
            throws GeneralSecurityException {
        if (sealed.length < NONCE_BYTES + TAG_BITS / 8) {
            throw new GeneralSecurityException("too short to be sealed");
        }
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES));
        cipher.updateAAD(associated);
        return cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    }
}
