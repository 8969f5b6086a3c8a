package dev.postern.redacting.pseudonym;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A 256-bit key from which other keys and keyed fingerprints come (HMAC-SHA-256, RFC 2104). Prints nothing.
///
/// Guarantee: without the key nobody can tell from a fingerprint which value it was made of, nor whether two
/// fingerprints under different keys are of one value. Parts are length-prefixed: ("a","bc") is not ("ab","c").
public final class PseudonymKey {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private PseudonymKey(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /// A key that was kept.
    static PseudonymKey of(byte[] material) {
        return new PseudonymKey(material);
    }

    byte[] material() {
        return key.getEncoded();
    }

    public static PseudonymKey generate(SecureRandom random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return new PseudonymKey(key);
    }

    PseudonymKey derive(String purpose, String... parts) {
        return new PseudonymKey(fingerprint(purpose, parts));
    }

    /// What a value is called, unless that stands for another one already: then the next attempt's.
    String candidate(Original original, int attempt) {
        byte[] mac = fingerprint("value", original.type(), original.value(), Integer.toString(attempt));
        return PseudonymCode.write(original.type(), ByteBuffer.wrap(mac).getInt());
    }

    byte[] fingerprint(String purpose, String... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            update(mac, purpose);
            for (String part : parts) {
                update(mac, part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK always has " + ALGORITHM, e);
        }
    }

    private static void update(Mac mac, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        mac.update(bytes);
    }

    @Override
    public String toString() {
        return "PseudonymKey[hidden]";
    }
}
