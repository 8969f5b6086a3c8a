package dev.postern.token;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A key that makes nonces, of one process. Prints nothing; safe for many threads, also while it is erased.
public final class NonceKey {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 16;
    private static final String MAC = "HmacSHA256";

    private final byte[] octets;
    private volatile boolean erased;

    private NonceKey(byte[] octets) {
        this.octets = octets;
    }

    /// Born here.
    public static NonceKey generate(SecureRandom random) {
        byte[] octets = new byte[KEY_BYTES];
        random.nextBytes(octets);
        return new NonceKey(octets);
    }

    /// Nothing once the key is erased.
    Optional<String> nonce(long bucket) {
        byte[] copy = octets.clone();
        try {
            // Looked at after the copy was made: what was copied while it was erased is no key.
            return erased ? Optional.empty() : Optional.of(nonce(copy, bucket));
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    private static String nonce(byte[] key, long bucket) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(bucket).array());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac.doFinal(), NONCE_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    /// Nothing that it made is accepted any more.
    public void erase() {
        erased = true;
        Arrays.fill(octets, (byte) 0);
    }

    @Override
    public String toString() {
        return "NonceKey[hidden]";
    }
}
