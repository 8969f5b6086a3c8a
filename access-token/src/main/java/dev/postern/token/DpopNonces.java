package dev.postern.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Nonces that a server demands in proofs (RFC 9449 section 9), remembered nowhere: an HMAC of the current 60 s bucket
/// under a key born here.
///
/// Guarantee: one is accepted during its own bucket and the next, by the server's clock: for at least 60 and less than
/// 120 s, and by this process only. So a proof can neither be made ahead of time nor used at another replica.
/// Non-guarantee: single use; the replay of a proof is refused by its (`jkt`, `jti`).
///
/// Safe for many threads.
public final class DpopNonces {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 16;
    private static final long BUCKET_MILLIS = 60_000;
    private static final String MAC = "HmacSHA256";

    private final SecretKeySpec key;
    private final Clock clock;

    public DpopNonces(Clock clock, SecureRandom random) {
        byte[] octets = new byte[KEY_BYTES];
        random.nextBytes(octets);
        this.key = new SecretKeySpec(octets, MAC);
        this.clock = clock;
    }

    /// The nonce of this moment, for `DPoP-Nonce`: 22 characters of base64url.
    public String current() {
        return nonce(bucket());
    }

    /// Whether the proof carries a nonce of ours that is young enough. One without any is not covered.
    public boolean cover(DpopProof proof) {
        byte[] shown = proof.claims().getOrDefault("nonce", "").getBytes(StandardCharsets.UTF_8);
        long bucket = bucket();
        boolean current = MessageDigest.isEqual(shown, nonce(bucket).getBytes(StandardCharsets.US_ASCII));
        boolean previous = MessageDigest.isEqual(shown, nonce(bucket - 1).getBytes(StandardCharsets.US_ASCII));
        return current || previous;
    }

    private long bucket() {
        return Math.floorDiv(clock.millis(), BUCKET_MILLIS);
    }

    private String nonce(long bucket) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(bucket).array());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac.doFinal(), NONCE_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }
}
