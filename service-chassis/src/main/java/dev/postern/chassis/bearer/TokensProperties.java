package dev.postern.chassis.bearer;

import dev.postern.token.TokenUse;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// What access tokens this service takes.
///
/// @param issuer the one issuer
/// @param audience this service's audience; without one the service takes no tokens at all
/// @param publicUrl of this service as its callers know it, without path: what proofs must have been made for
/// @param uses the uses of tokens that it takes
/// @param clockSkew how far clocks may differ
/// @param directory where the signed key directory is served
/// @param directoryStaleness how long the last good directory is trusted once it can no longer be read; then every
///     token is refused
@ConfigurationProperties("postern.tokens")
public record TokensProperties(
        URI issuer,
        @Nullable String audience,
        @Nullable URI publicUrl,
        Set<TokenUse> uses,
        Duration clockSkew,
        URI directory,
        Duration directoryStaleness) {
    public TokensProperties {
        if (clockSkew.isNegative() || clockSkew.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("postern.tokens.clock-skew must be between 0 and 60 s");
        }
        if (directoryStaleness.isNegative() || directoryStaleness.isZero()) {
            throw new IllegalArgumentException("postern.tokens.directory-staleness must be longer than nothing");
        }
    }
}
