package dev.postern.sts.issuance;

import dev.postern.sts.signing.SigningKey;
import dev.postern.token.AuthorizationDetail;
import dev.postern.token.IpRange;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/// Makes access tokens (RFC 9068) from grants.
final class TokenMint {

    private static final int ID_BYTES = 16;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// A signed token and the facts of it that are recorded. The compact form is a credential: it is not printed.
    record Minted(
            String tokenId,
            String sessionId,
            String keyId,
            Grant grant,
            TokenBinding binding,
            Instant expiresAt,
            String compact) {

        @Override
        public String toString() {
            return "Minted[" + tokenId + "]";
        }
    }

    private final String issuer;
    private final SecureRandom random;

    TokenMint(String issuer, SecureRandom random) {
        this.issuer = issuer;
        this.random = random;
    }

    /// @param epoch of the policy that allowed it
    /// @param now the moment the grant was decided at: its lifetime counts from there
    Minted mint(Grant grant, TokenBinding binding, long epoch, SigningKey key, Instant now) {
        Instant issuedAt = now.truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = issuedAt.plus(grant.lifetime());
        String tokenId = id();
        // A session is named after the token that began it, and so that token is known from what was exchanged from it.
        String sessionId = grant.sessionId().orElse(tokenId);
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", grant.subject());
        claims.put("aud", grant.audience());
        claims.put("client_id", grant.client().clientId());
        claims.put("tenant", grant.tenant());
        claims.put("token_use", grant.use().wireName());
        claims.put("sid", sessionId);
        claims.put("jti", tokenId);
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("exp", expiresAt.getEpochSecond());
        claims.put("scope", scope(grant));
        claims.put("pol", epoch);
        claims.put("clearance", grant.clearance().wireName());
        putUnlessEmpty(claims, "cnf", binding.confirmation());
        putUnlessEmpty(
                claims, "net", grant.networks().stream().map(IpRange::toString).toList());
        putUnlessEmpty(claims, "roles", List.copyOf(new TreeSet<>(grant.roles())));
        putUnlessEmpty(claims, "authorization_details", details(grant));
        grant.uses().ifPresent(uses -> claims.put("uses", uses));
        putUnlessEmpty(claims, "act", ActorClaim.of(grant.actors()));
        return new Minted(
                tokenId, sessionId, key.keyId(), grant, binding, expiresAt, key.sign(JSON.writeValueAsBytes(claims)));
    }

    static String scope(Grant grant) {
        return String.join(" ", new TreeSet<>(grant.scopes()));
    }

    static List<Map<String, Object>> details(Grant grant) {
        return grant.details().stream().map(AuthorizationDetail::toMembers).toList();
    }

    private static void putUnlessEmpty(Map<String, Object> claims, String name, List<?> value) {
        if (!value.isEmpty()) {
            claims.put(name, value);
        }
    }

    private static void putUnlessEmpty(Map<String, Object> claims, String name, Map<String, Object> value) {
        if (!value.isEmpty()) {
            claims.put(name, value);
        }
    }

    private String id() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
