package dev.postern.token;

import java.time.Duration;
import java.util.Set;

/// What a verifier demands of a token.
///
/// @param issuer the exact `iss`
/// @param audience must be among `aud`
/// @param uses the uses of tokens that are taken
/// @param skew how far the issuer's clock may be off
/// @param remembered how many verified tokens are remembered at least (twice as many at most)
public record VerifierSettings(String issuer, String audience, Set<TokenUse> uses, Duration skew, int remembered) {

    private static final Duration DEFAULT_SKEW = Duration.ofSeconds(30);
    private static final int DEFAULT_REMEMBERED = 10_000;

    public VerifierSettings {
        uses = Set.copyOf(uses);
        if (uses.isEmpty() || (uses.contains(TokenUse.ADMIN) && uses.size() > 1)) {
            throw new IllegalArgumentException("a verifier takes administration or data, never both or neither");
        }
        if (issuer.isBlank() || audience.isBlank()) {
            throw new IllegalArgumentException("issuer and audience must be set");
        }
        if (skew.isNegative() || skew.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("skew must lie between 0 and 5 minutes");
        }
        if (remembered < 1) {
            throw new IllegalArgumentException("at least one token must be remembered");
        }
    }

    public VerifierSettings(String issuer, String audience, Set<TokenUse> uses, Duration skew) {
        this(issuer, audience, uses, skew, DEFAULT_REMEMBERED);
    }

    public VerifierSettings(String issuer, String audience, Set<TokenUse> uses) {
        this(issuer, audience, uses, DEFAULT_SKEW);
    }
}
