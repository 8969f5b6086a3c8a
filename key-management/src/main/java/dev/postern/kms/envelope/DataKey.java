package dev.postern.kms.envelope;

import dev.postern.kms.envelope.NotOpened.Reason;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A 256-bit key in memory. Prints nothing.
///
/// Each record has an AES-256-GCM key of its own, from HKDF-SHA256 (RFC 5869, expand only: the data key is uniformly
/// random) over the first twelve of 24 random bytes; the other twelve are its nonce, as in C2SP's XAES-256-GCM. So
/// there is no bound on records per data key worth counting: 2^80 of them repeat a pair of key and nonce with a
/// probability of 2^-32.
final class DataKey {
    static final int BYTES = 32;

    private static final String KDF_ALGORITHM = "HKDF-SHA256";
    private static final String MAC_ALGORITHM = "HmacSHA256";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final byte[] RECORD_LABEL = {
        'p', 'o', 's', 't', 'e', 'r', 'n', ' ', 'r', 'e', 'c', 'o', 'r', 'd', ' ', '1'
    };
    private static final int HALF = SealedRecord.SALT_BYTES / 2;

    private final int generation;
    private final Instant madeAt;
    private final SecretKey secret;

    DataKey(int generation, Instant madeAt, byte[] material) {
        if (material.length != BYTES) {
            throw new IllegalArgumentException("a data key has 32 bytes");
        }
        this.generation = generation;
        this.madeAt = madeAt;
        this.secret = new SecretKeySpec(material, MAC_ALGORITHM);
    }

    int generation() {
        return generation;
    }

    Instant madeAt() {
        return madeAt;
    }

    byte[] material() {
        return secret.getEncoded();
    }

    SealedRecord seal(byte[] associated, byte[] plaintext, SecureRandom random) {
        byte[] salt = new byte[SealedRecord.SALT_BYTES];
        random.nextBytes(salt);
        try {
            return new SealedRecord(
                    generation,
                    salt,
                    cipher(Cipher.ENCRYPT_MODE, salt, associated).doFinal(plaintext));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM and HKDF", e);
        }
    }

    byte[] open(byte[] associated, SealedRecord sealed) throws NotOpened {
        try {
            return cipher(Cipher.DECRYPT_MODE, sealed.salt(), associated).doFinal(sealed.ciphertext());
        } catch (GeneralSecurityException _) {
            throw new NotOpened(Reason.NOT_AUTHENTIC);
        }
    }

    byte[] mac(byte[] message) {
        try {
            Mac mac = Mac.getInstance(MAC_ALGORITHM);
            mac.init(secret);
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + MAC_ALGORITHM, e);
        }
    }

    /// The key of one record: HKDF-Expand-SHA256 over the label and the first half of its salt.
    private SecretKey derive(byte[] salt) throws GeneralSecurityException {
        byte[] info = Arrays.copyOf(RECORD_LABEL, RECORD_LABEL.length + HALF);
        System.arraycopy(salt, 0, info, RECORD_LABEL.length, HALF);
        return KDF.getInstance(KDF_ALGORITHM).deriveKey("AES", HKDFParameterSpec.expandOnly(secret, info, BYTES));
    }

    private Cipher cipher(int mode, byte[] salt, byte[] associated) throws GeneralSecurityException {
        SecretKey recordKey = derive(salt);
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, recordKey, new GCMParameterSpec(SealedRecord.TAG_BYTES * Byte.SIZE, salt, HALF, HALF));
        cipher.updateAAD(associated);
        return cipher;
    }

    @Override
    public String toString() {
        return "DataKey[hidden]";
    }
}
