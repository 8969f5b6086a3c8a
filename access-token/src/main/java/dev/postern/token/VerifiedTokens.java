package dev.postern.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers which tokens were verified under which key, so that a token's signature is checked once.
///
/// The key is the SHA-256 of the *whole* token: a cache keyed by a prefix lets a forged token ride on a good one.
/// Two generations bound the size: when the young one is full it becomes the old one, and the old one is dropped;
/// a hit in the old generation moves to the young one. At most twice `capacity` (plus racing writers) are held.
///
/// Thread-safe. `young` and `old` are replaced under the monitor and read without it; a lost entry only costs a
/// second verification.
final class VerifiedTokens {

    /// A token and the key it was verified with.
    record Verified(AccessToken token, ECPublicKey key) {}

    /// A SHA-256 as a value.
    record Digest(long a, long b, long c, long d) {

        static Digest of(String compact) {
            try {
                ByteBuffer hash = ByteBuffer.wrap(
                        MessageDigest.getInstance("SHA-256").digest(compact.getBytes(StandardCharsets.UTF_8)));
                return new Digest(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    private final int capacity;
    private volatile ConcurrentHashMap<Digest, Verified> young = new ConcurrentHashMap<>();
    private volatile ConcurrentHashMap<Digest, Verified> old = new ConcurrentHashMap<>();

    VerifiedTokens(int capacity) {
        this.capacity = capacity;
    }

    Optional<Verified> find(Digest digest) {
        Verified found = young.get(digest);
        if (found == null) {
            found = old.get(digest);
            if (found != null) {
                remember(digest, found);
            }
        }
        return Optional.ofNullable(found);
    }

    void remember(Digest digest, Verified verified) {
        if (young.size() >= capacity) {
            synchronized (this) {
                if (young.size() >= capacity) {
                    old = young;
                    young = new ConcurrentHashMap<>();
                }
            }
        }
        young.put(digest, verified);
    }

    void forget(Digest digest) {
        young.remove(digest);
        old.remove(digest);
    }

    int size() {
        return young.size() + old.size();
    }
}
