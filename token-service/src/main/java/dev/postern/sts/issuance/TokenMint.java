package dev.postern.sts.issuance;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.postern.sts.signing.SigningKey;
import dev.postern.token.TokenUse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.TreeSet;

/// Makes access tokens (RFC 9068) from grants.
final class TokenMint {

    private static final int TOKEN_ID_BYTES = 16;

    /// A signed token and the facts of it that are recorded. The compact form is a credential: it is not printed.
    record Minted(String tokenId, String keyId, Grant grant, Instant issuedAt, Instant expiresAt, String compact) {

        @Override
        public String toString() {
            return "Minted[" + tokenId + "]";
        }
    }

    private final String issuer;
    private final Duration lifetime;
    private final SecureRandom random;
    private final Clock clock;

    TokenMint(String issuer, Duration lifetime, SecureRandom random, Clock clock) {
        this.issuer = issuer;
        this.lifetime = lifetime;
        this.random = random;
        this.clock = clock;
    }

    Minted mint(Grant grant, SigningKey key) {
        Instant issuedAt = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = issuedAt.plus(lifetime);
        String tokenId = tokenId();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(grant.client().clientId())
                .audience(grant.audience())
                .issueTime(Date.from(issuedAt))
                .expirationTime(Date.from(expiresAt))
                .jwtID(tokenId)
                .claim("client_id", grant.client().clientId())
                .claim("tenant", grant.client().tenant())
                .claim("token_use", use(grant.audience()).wireName())
                .claim("sid", tokenId)
                .claim("scope", String.join(" ", new TreeSet<>(grant.scopes())));
        grant.dpopThumbprint().ifPresent(thumbprint -> claims.claim("cnf", Map.of("jkt", thumbprint)));
        return new Minted(tokenId, key.keyId(), grant, issuedAt, expiresAt, key.sign(claims.build()));
    }

    private static TokenUse use(String audience) {
        return switch (audience) {
            case "urn:postern:gateway" -> TokenUse.INFERENCE;
            case "urn:postern:relay" -> TokenUse.SESSION;
            default -> TokenUse.TOOL;
        };
    }

    private String tokenId() {
        byte[] bytes = new byte[TOKEN_ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
