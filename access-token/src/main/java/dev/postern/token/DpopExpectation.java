package dev.postern.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a proof of possession must have been made for: claims that must be there with exactly these values, and how
/// old it may be.
///
/// `htu` is compared exactly: give it without query and fragment, spelled the way clients are told to spell it.
///
/// @param claims at least `htm` and `htu`
/// @param maxAge since the proof's `iat`
/// @param skew how far the prover's clock may be off, in both directions
public record DpopExpectation(Map<String, String> claims, Duration maxAge, Duration skew) {

    private static final Duration DEFAULT_MAX_AGE = Duration.ofSeconds(60);
    private static final Duration DEFAULT_SKEW = Duration.ofSeconds(30);

    public DpopExpectation {
        claims = Map.copyOf(claims);
    }

    public static DpopExpectation of(String method, String target) {
        return new DpopExpectation(Map.of("htm", method, "htu", target), DEFAULT_MAX_AGE, DEFAULT_SKEW);
    }

    /// The proof must name this access token (`ath`).
    public DpopExpectation forToken(String compactToken) {
        return with("ath", tokenHash(compactToken));
    }

    /// The proof must carry this challenge (`nonce`).
    public DpopExpectation withNonce(String nonce) {
        return with("nonce", nonce);
    }

    /// The proof must carry this claim, for example `tsh`.
    public DpopExpectation with(String claim, String value) {
        Map<String, String> more = new LinkedHashMap<>(claims);
        more.put(claim, value);
        return new DpopExpectation(more, maxAge, skew);
    }

    /// How long one proof may be accepted, from the first moment to the last: it must be remembered as long.
    public Duration acceptance() {
        return maxAge.plus(skew).plus(skew);
    }

    /// `ath` of RFC 9449: base64url of the SHA-256 of the token's characters.
    public static String tokenHash(String compactToken) {
        return hash(compactToken.getBytes(StandardCharsets.US_ASCII));
    }

    static String hash(byte[] octets) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(octets);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
