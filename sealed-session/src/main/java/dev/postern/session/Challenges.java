package dev.postern.session;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Challenges a relay remembers nothing about: 16 random octets and a MAC over them and the current 60 s bucket.
///
/// **Guarantee.** One is accepted during its own bucket and the next, by the relay's clock: for at least 60 and
/// less than 120 s, by no other relay, and only while its key is among those that are accepted. **No guarantee** of
/// single use: the replay of an OPEN is refused by its encapsulation. Safe for many threads.
public final class Challenges implements AutoCloseable {
    static final int LENGTH = 32;
    private static final int NONCE_LENGTH = 16;
    private static final int MAC_LENGTH = LENGTH - NONCE_LENGTH;
    private static final long BUCKET_MILLIS = 60_000;

    private final Supplier<List<ChallengeKey>> keys;
    private final Clock clock;
    private final SecureRandom random;

    /// With one key, born here, until it is closed.
    public Challenges(Clock clock, SecureRandom random) {
        this(List.of(ChallengeKey.generate(random)), clock, random);
    }

    private Challenges(List<ChallengeKey> keys, Clock clock, SecureRandom random) {
        this(() -> keys, clock, random);
    }

    /// With keys that turn over.
    ///
    /// @param keys the one that makes challenges first, then those that are still accepted; erased ones count for
    ///     nothing
    public Challenges(Supplier<List<ChallengeKey>> keys, Clock clock, SecureRandom random) {
        this.keys = keys;
        this.clock = clock;
        this.random = random;
    }

    /// A fresh challenge: 43 characters of base64url.
    ///
    /// @throws IllegalStateException once this is closed
    public String issue() {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        ChallengeKey tried = null;
        while (true) {
            List<ChallengeKey> now = keys.get();
            // One that was erased since it was looked up is not among them any more; unless all are, for good.
            if (now.isEmpty() || now.getFirst() == tried) {
                throw new IllegalStateException("the keys of challenges were erased");
            }
            tried = now.getFirst();
            Optional<byte[]> mac = tried.mac(nonce, bucket(), MAC_LENGTH);
            if (mac.isPresent()) {
                return Base64Url.encode(Hashing.concatenate(nonce, mac.get()));
            }
        }
    }

    boolean accepts(byte[] challenge) {
        if (challenge.length != LENGTH) {
            return false;
        }
        byte[] nonce = Arrays.copyOf(challenge, NONCE_LENGTH);
        byte[] mac = Arrays.copyOfRange(challenge, NONCE_LENGTH, LENGTH);
        long bucket = bucket();
        boolean accepted = false;
        // All are computed always: which of them failed is nobody's business.
        for (ChallengeKey key : keys.get()) {
            accepted |= is(mac, key.mac(nonce, bucket, MAC_LENGTH));
            accepted |= is(mac, key.mac(nonce, bucket - 1, MAC_LENGTH));
        }
        return accepted;
    }

    private static boolean is(byte[] shown, Optional<byte[]> mac) {
        return mac.isPresent() && MessageDigest.isEqual(shown, mac.get());
    }

    private long bucket() {
        return Math.floorDiv(clock.millis(), BUCKET_MILLIS);
    }

    /// Erases the keys: nothing issued is accepted any more.
    @Override
    public void close() {
        keys.get().forEach(ChallengeKey::erase);
    }
}
