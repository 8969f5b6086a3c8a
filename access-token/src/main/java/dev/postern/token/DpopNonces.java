package dev.postern.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Nonces that a server demands in proofs (RFC 9449 section 9), remembered nowhere: an HMAC of the current 60 s bucket
/// under a key of this process.
///
/// Guarantee: one is accepted during its own bucket and the next, by the server's clock: for at least 60 and less than
/// 120 s, by this process only, and only while its key is among those that are accepted. So a proof can neither be made
/// ahead of time nor used at another replica. Non-guarantee: single use; the replay of a proof is refused by its
/// (`jkt`, `jti`).
///
/// Safe for many threads.
public final class DpopNonces {
    private static final long BUCKET_MILLIS = 60_000;

    private final Supplier<List<NonceKey>> keys;
    private final Clock clock;

    /// With one key, born here, for good.
    public DpopNonces(Clock clock, SecureRandom random) {
        this(List.of(NonceKey.generate(random)), clock);
    }

    private DpopNonces(List<NonceKey> keys, Clock clock) {
        this(() -> keys, clock);
    }

    /// With keys that turn over.
    ///
    /// @param keys the one that makes nonces first, then those that are still accepted
    public DpopNonces(Supplier<List<NonceKey>> keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /// The nonce of this moment, for `DPoP-Nonce`: 22 characters of base64url.
    ///
    /// @throws IllegalStateException once its keys are erased for good
    public String current() {
        NonceKey tried = null;
        while (true) {
            List<NonceKey> now = keys.get();
            // One that was erased since it was looked up is not among them any more; unless all are, for good.
            if (now.isEmpty() || now.getFirst() == tried) {
                throw new IllegalStateException("the keys of nonces were erased");
            }
            tried = now.getFirst();
            Optional<String> nonce = tried.nonce(bucket());
            if (nonce.isPresent()) {
                return nonce.get();
            }
        }
    }

    /// Whether the proof carries a nonce of ours that is young enough. One without any is not covered.
    public boolean cover(DpopProof proof) {
        byte[] shown = proof.claims().getOrDefault("nonce", "").getBytes(StandardCharsets.UTF_8);
        long bucket = bucket();
        boolean covered = false;
        for (NonceKey key : keys.get()) {
            covered |= is(shown, key.nonce(bucket));
            covered |= is(shown, key.nonce(bucket - 1));
        }
        return covered;
    }

    private static boolean is(byte[] shown, Optional<String> nonce) {
        return nonce.isPresent() && MessageDigest.isEqual(shown, nonce.get().getBytes(StandardCharsets.US_ASCII));
    }

    private long bucket() {
        return Math.floorDiv(clock.millis(), BUCKET_MILLIS);
    }
}
