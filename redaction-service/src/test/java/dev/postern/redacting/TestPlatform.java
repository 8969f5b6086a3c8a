package dev.postern.redacting;

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
import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.SingleUse;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DpopNonces;
import dev.postern.token.TokenUse;
import dev.postern.token.VerifierSettings;
import dev.postern.trust.OwnTrustFeed;
import dev.postern.trust.TrustFeed;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;

/// The neighbours of the service, in memory: a certificate authority and a token issuer.
@TestConfiguration(proxyBeanMethods = false)
public class TestPlatform {
    public static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    public static final InMemoryAuthority AUTHORITY =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    private static final String ISSUER = "https://localhost:8543";
    private static final ECKey KEY = key();

    @Bean
    WorkloadIdentity workloadIdentity() {
        return identity("redaction-service");
    }

    @Bean
    TrustFeed trustFeed(Clock clock) {
        return new OwnTrustFeed(clock);
    }

    @Bean
    AccessTokens accessTokens(TrustFeed trust, SingleUse used, DpopNonces nonces, MeterRegistry meters, Clock clock) {
        VerifierSettings settings =
                new VerifierSettings(ISSUER, "urn:postern:redaction", TokenUse.DATA_PLANE, Duration.ofSeconds(5));
        AccessTokenVerifier verifier = new AccessTokenVerifier(
                settings, kid -> kid.equals("k1") ? Optional.of(publicKey()) : Optional.empty(), trust, clock);
        return new AccessTokens(verifier, URI.create("https://localhost:8643"), used, nonces, meters, clock);
    }

    /// Settings of a service that meets nobody else, on ports of its own.
    ///
    /// @param home where its data goes
    public static void alone(DynamicPropertyRegistry registry, Path home) throws IOException {
        Path data = Files.createDirectories(home.resolve("data/redaction-service"));
        Files.writeString(data.resolve("kms-passphrase"), "only for this test run");
        registry.add("postern.home", home::toString);
        registry.add("postern.endpoints.audit", () -> "https://localhost:1");
        registry.add("postern.tokens.follow-directory", () -> "false");
        registry.add("postern.redaction.wire.port", () -> "0");
        registry.add("management.server.port", () -> "0");
    }

    public static WorkloadIdentity identity(String service) {
        return AUTHORITY.identityOf(DOMAIN.idOf(service));
    }

    public static String token(String client, String audience, String scope) throws JOSEException {
        return token(client, "acme", audience, scope);
    }

    public static String token(String client, String tenant, String audience, String scope) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID("k1")
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .audience(audience)
                        .subject(client)
                        .claim("client_id", client)
                        .claim("tenant", tenant)
                        .claim("token_use", "tool")
                        .claim("sid", "session-1")
                        .claim("scope", scope)
                        .jwtID(UUID.randomUUID().toString())
                        .issueTime(Date.from(Instant.now()))
                        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                        .build());
        jwt.sign(new ECDSASigner(KEY));
        return jwt.serialize();
    }

    private static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ECPublicKey publicKey() {
        try {
            return KEY.toECPublicKey();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
