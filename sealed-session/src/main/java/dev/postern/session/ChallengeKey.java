package dev.postern.session;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;

/// A key that makes [Challenges], of one relay. Prints nothing; safe for many threads, also while it is erased.
public final class ChallengeKey {
    private final byte[] octets;
    private volatile boolean erased;

    private ChallengeKey(byte[] octets) {
        this.octets = octets;
    }

    /// Born here.
    public static ChallengeKey generate(SecureRandom random) {
        byte[] octets = new byte[KeySchedule.SECRET_LENGTH];
        random.nextBytes(octets);
        return new ChallengeKey(octets);
    }

    /// Nothing once the key is erased.
    Optional<byte[]> mac(byte[] nonce, long bucket, int length) {
        try (Secret copy = Secret.owning(octets.clone())) {
            // Looked at after the copy was made: what was copied while it was erased is no key.
            return erased ? Optional.empty() : Optional.of(Arrays.copyOf(mac(copy, nonce, bucket), length));
        }
    }

    private static byte[] mac(Secret key, byte[] nonce, long bucket) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(nonce);
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(bucket).array());
            return mac.doFinal();
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
        return "ChallengeKey[hidden]";
    }
}
