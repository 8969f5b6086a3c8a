package dev.postern.audit.leaf;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The key of one leaf and of no other. Prints nothing.
///
/// It comes from an epoch's key and the leaf's salt by HMAC-SHA256, so it can be given to somebody as the proof of
/// what this one leaf holds, and tells nothing of other leaves. From it come, by HMAC-SHA256 under two labels, the key
/// of AES-256-GCM (whose nonce is zero: it seals once) and a commitment that the leaf holds in the clear. GCM alone
/// commits to no key: a leaf could be made that opens to one event under one key and to another under another. With
/// the commitment there is one key for a leaf, and so one event.
public final class LeafKey {
    static final int SALT = 16;
    static final int COMMITMENT = 32;
    static final int TAG = 16;

    static final String MAC = "HmacSHA256";
    private static final byte[] LEAF = label("postern audit leaf 1");
    private static final byte[] COMMIT = label("postern audit leaf 1 commitment");
    private static final byte[] SEAL = label("postern audit leaf 1 aes-256-gcm");
    private static final byte[] NONCE = new byte[12];

    private final byte[] secret;

    private LeafKey(byte[] secret) {
        this.secret = secret;
    }

    /// The key of the leaf with this salt in an epoch.
    static LeafKey of(SecretKeySpec epoch, byte[] salt) {
        return new LeafKey(mac(epoch, LEAF, salt));
    }

    /// A key that was disclosed; empty when it is none.
    public static Optional<LeafKey> parse(String base64) {
        try {
            byte[] secret = Base64.getDecoder().decode(base64);
            return secret.length == COMMITMENT ? Optional.of(new LeafKey(secret)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// What discloses its leaf's event to whoever reads it.
    public String disclosed() {
        return Base64.getEncoder().encodeToString(secret);
    }

    byte[] commitment() {
        return mac(new SecretKeySpec(secret, MAC), COMMIT);
    }

    /// Seals once.
    byte[] seal(byte[] header, byte[] plaintext) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, header).doFinal(plaintext);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /// Empty unless the ciphertext was sealed under this key with this header, and the leaf commits to it.
    Optional<byte[]> open(byte[] header, byte[] commitment, byte[] ciphertext) {
        if (!MessageDigest.isEqual(commitment, commitment())) {
            return Optional.empty();
        }
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, header).doFinal(ciphertext));
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] header) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] key = mac(new SecretKeySpec(secret, MAC), SEAL);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG * 8, NONCE));
        Arrays.fill(key, (byte) 0);
        cipher.updateAAD(header);
        return cipher;
    }

    private static byte[] mac(SecretKeySpec key, byte[]... messages) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            for (byte[] message : messages) {
                mac.update(message);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    private static byte[] label(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "LeafKey[hidden]";
    }
}
