package dev.postern.relay.rig;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.token.VerificationKeys;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Issues access tokens as the token-service does, with one key.
public final class TokenMint implements VerificationKeys {
    public static final String ISSUER = "https://localhost:8543";
    public static final String AUDIENCE = "urn:postern:relay";

    private final ECKey key;
    private final ECPublicKey publicKey;
    private final Clock clock;
    private volatile Runnable onFind = () -> {};

    public TokenMint(Clock clock) {
        this.clock = clock;
        try {
            this.key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
            this.publicKey = key.toECPublicKey();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What a token says; everything else is as the token-service would have it.
    ///
    /// @param further claims
    /// @param life may be negative: expired since
    public record Order(
            String clientId,
            String scope,
            String audience,
            Duration life,
            String thumbprint,
            Map<String, Object> further) {
        public static Order delegate(String thumbprint) {
            return new Order("gateway-service", "llm:delegate", AUDIENCE, Duration.ofMinutes(5), thumbprint, Map.of());
        }

        /// An application that speaks for itself.
        public static Order application(String thumbprint) {
            return new Order("app", "llm:invoke", AUDIENCE, Duration.ofMinutes(5), thumbprint, Map.of());
        }

        public Order of(String client) {
            return new Order(client, scope, audience, life, thumbprint, further);
        }

        public Order with(String claim, Object value) {
            Map<String, Object> more = new HashMap<>(further);
            more.put(claim, value);
            return new Order(clientId, scope, audience, life, thumbprint, more);
        }

        public Order withScope(String other) {
            return new Order(clientId, other, audience, life, thumbprint, further);
        }

        public Order withAudience(String other) {
            return new Order(clientId, scope, other, life, thumbprint, further);
        }

        public Order withLife(Duration other) {
            return new Order(clientId, scope, audience, other, thumbprint, further);
        }
    }

    /// Has `step` run while a token is verified, on the verifying thread.
    public void onFind(Runnable step) {
        onFind = step;
    }

    public String mint(Order order) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(order.audience())
                .subject(order.clientId())
                .claim("client_id", order.clientId())
                .claim("tenant", "postern")
                .claim("token_use", "session")
                .claim("sid", "session-1")
                .claim("scope", order.scope())
                .claim("cnf", Map.of("jkt", order.thumbprint()))
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(clock.instant().plus(order.life()).minusSeconds(300)))
                .expirationTime(Date.from(clock.instant().plus(order.life())));
        order.further().forEach(claims::claim);
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(key.getKeyID())
                        .build(),
                claims.build());
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    @Override
    public Optional<ECPublicKey> find(String kid) {
        onFind.run();
        return kid.equals("k1") ? Optional.of(publicKey) : Optional.empty();
    }
}
