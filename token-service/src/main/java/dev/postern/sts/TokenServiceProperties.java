package dev.postern.sts;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What the token service is told.
///
/// @param issuer the `iss` of every token, and the only audience of client assertions
/// @param dataDirectory where the registry lives
/// @param bootstrapFile the clients to register at start
/// @param database where clients, policies and revocations are kept
/// @param localSecrets whether clients may prove themselves by a password: for a developer's machine only
/// @param dpopNonce whether external clients' proofs must carry a nonce of ours
/// @param tokenLifetime of access tokens, at most
/// @param assertionLifetime the longest a client assertion may live
/// @param clockSkew how far a client's clock may be off
@ConfigurationProperties("postern.sts")
public record TokenServiceProperties(
        URI issuer,
        Path dataDirectory,
        Path bootstrapFile,
        @DefaultValue Database database,
        @DefaultValue("false") boolean localSecrets,
        @DefaultValue("required") Nonce dpopNonce,
        @DefaultValue("5m") Duration tokenLifetime,
        @DefaultValue("5m") Duration assertionLifetime,
        @DefaultValue("30s") Duration clockSkew) {

    /// Whether a proof without a nonce is taken (RFC 9449 section 8); a wrong one never is.
    public enum Nonce {
        REQUIRED,
        OPTIONAL
    }

    /// The database.
    ///
    /// @param url of JDBC, H2 or PostgreSQL; empty for an H2 file in the data directory
    /// @param passwordFile read at each new connection
    /// @param connections at most
    public record Database(
            @DefaultValue("") String url,
            @DefaultValue("postern") String username,
            @Nullable Path passwordFile,
            @DefaultValue("8") int connections) {
        public Database {
            if (!url.isEmpty() && !url.startsWith("jdbc:postgresql:") && !url.startsWith("jdbc:h2:")) {
                throw new IllegalArgumentException("postern.sts.database.url must be jdbc:postgresql: or jdbc:h2:");
            }
            if (connections < 1) {
                throw new IllegalArgumentException("postern.sts.database.connections must be at least 1");
            }
        }
    }

    private static final Duration LONGEST_TOKEN = Duration.ofMinutes(5);
    private static final Duration LONGEST_SKEW = Duration.ofMinutes(1);

    public TokenServiceProperties {
        if (!"https".equals(issuer.getScheme()) || issuer.getQuery() != null || issuer.getFragment() != null) {
            throw new IllegalArgumentException("postern.sts.issuer must be an https address without query");
        }
        // A retired signing key is kept for verification this long: a longer token would outlive it.
        if (!tokenLifetime.isPositive() || tokenLifetime.compareTo(LONGEST_TOKEN) > 0) {
            throw new IllegalArgumentException("postern.sts.token-lifetime must be at most 5 minutes");
        }
        if (!assertionLifetime.isPositive() || assertionLifetime.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("postern.sts.assertion-lifetime must be at most one hour");
        }
        if (clockSkew.isNegative() || clockSkew.compareTo(LONGEST_SKEW) > 0) {
            throw new IllegalArgumentException("postern.sts.clock-skew must be between 0 and 60 s");
        }
    }

    /// Where tokens are asked for, and what DPoP proofs must name as their target.
    public String tokenEndpoint() {
        return issuer + "/oauth2/token";
    }
}
