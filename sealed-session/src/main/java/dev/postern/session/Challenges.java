package dev.postern.session;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import javax.crypto.Mac;

/// Challenges a relay remembers nothing about: 16 random octets and a MAC over them and the current 60 s bucket.
///
/// **Guarantee.** One is accepted during its own bucket and the next, by the relay's clock: for at least 60 and
/// less than 120 s, and by no other relay. **No guarantee** of single use: the replay of an OPEN is refused by its
/// encapsulation. Safe for many threads.
public final class Challenges implements AutoCloseable {
    static final int LENGTH = 32;
    private static final int NONCE_LENGTH = 16;
    private static final int MAC_LENGTH = LENGTH - NONCE_LENGTH;
    private static final long BUCKET_MILLIS = 60_000;

    private final Secret key;
    private final Clock clock;
    private final SecureRandom random;

    /// With a key born here.
    public Challenges(Clock clock, SecureRandom random) {
        byte[] octets = new byte[KeySchedule.SECRET_LENGTH];
        random.nextBytes(octets);
        this.key = Secret.owning(octets);
        this.clock = clock;
        this.random = random;
    }

    /// A fresh challenge: 43 characters of base64url.
    public String issue() {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        return Base64Url.encode(Hashing.concatenate(nonce, mac(nonce, bucket())));
    }

    boolean accepts(byte[] challenge) {
        if (challenge.length != LENGTH) {
            return false;
        }
        byte[] nonce = Arrays.copyOf(challenge, NONCE_LENGTH);
        byte[] mac = Arrays.copyOfRange(challenge, NONCE_LENGTH, LENGTH);
        long bucket = bucket();
        // Both are computed always: which of them failed is nobody's business.
        boolean current = MessageDigest.isEqual(mac, mac(nonce, bucket));
        boolean previous = MessageDigest.isEqual(mac, mac(nonce, bucket - 1));
        return current || previous;
    }

    private long bucket() {
        return Math.floorDiv(clock.millis(), BUCKET_MILLIS);
    }

    private byte[] mac(byte[] nonce, long bucket) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(nonce);
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(bucket).array());
            return Arrays.copyOf(mac.doFinal(), MAC_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    /// Erases the key: nothing issued is accepted any more.
    @Override
    public void close() {
        key.destroy();
    }
}
