package dev.postern.chassis.bearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.postern.chassis.problem.ProblemException;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.redis.SingleUse;
import dev.postern.redis.SingleUse.Use;
import dev.postern.test.MutableClock;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopKey;
import dev.postern.token.DpopNonces;
import dev.postern.token.TokenUse;
import dev.postern.token.VerifierSettings;
import dev.postern.trust.OwnTrustFeed;
import dev.postern.trust.Revocation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

final class AccessTokensTest {
    private static final String ISSUER = "https://localhost:8543";
    private static final String AUDIENCE = "urn:postern:sample";
    private static final String PUBLIC_URL = "https://sample.example";

    private final MutableClock clock = MutableClock.atNoon();
    private final ECKey signer = signer();
    private final OwnTrustFeed trust = new OwnTrustFeed(clock);
    private final DpopNonces nonces = new DpopNonces(clock, new SecureRandom());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DpopKey key = DpopKey.generate(new SecureRandom(), clock);
    private final X509Certificate certificate = InMemoryAuthority.create(
                    "test", Duration.ofDays(1), clock, new SecureRandom())
            .identityOf(new TrustDomain("postern.local").idOf("some-service"))
            .current()
            .leaf();
    private final Set<String> names = new HashSet<>();
    private boolean storeIsAway;

    private final SingleUse used = (name, life) -> {
        assertThat(life).isEqualTo(Duration.ofMinutes(2));
        Use use = names.add(name) ? Use.FIRST : Use.SEEN;
        return CompletableFuture.completedStage(storeIsAway ? Use.UNAVAILABLE : use);
    };

    private final AccessTokens tokens = new AccessTokens(
            new AccessTokenVerifier(
                    new VerifierSettings(ISSUER, AUDIENCE, Set.of(TokenUse.TOOL), Duration.ofSeconds(5)),
                    kid -> kid.equals("key-1") ? Optional.of(publicKey()) : Optional.empty(),
                    trust,
                    clock),
            URI.create(PUBLIC_URL + "/"),
            used,
            nonces,
            meters,
            clock);

    @Test
    void plainTokenIsTakenAsBearer() {
        assertThat(tokens.require(bearer(token(Map.of())), "audit:read").clientId())
                .isEqualTo("demo");
        assertThat(count("accepted")).isEqualTo(1);
    }

    @Test
    void missingTokenIsToldBothSchemes() {
        assertThat(refusal(request()).headers()).containsEntry("WWW-Authenticate", "Bearer, DPoP algs=\"ES256\"");
    }

    @Test
    void missingScopeIsForbidden() {
        ProblemException refusal = refusal(bearer(token(Map.of("scope", "redaction:use"))));
        assertThat(refusal.problem().status()).isEqualTo(403);
    }

    @Test
    void boundTokenIsNotTakenAsBearer() {
        assertInvalid(refusal(bearer(token(boundToKey()))), "wrong-binding");
    }

    @Test
    void proofWithoutANonceOfOursIsChallengedAndTheNextOneTaken() {
        String token = token(boundToKey());
        ProblemException challenge = refusal(proven(token, key.prove(expected(token))));
        assertThat(challenge.problem().status()).isEqualTo(401);
        assertThat(challenge.headers().get("WWW-Authenticate")).isEqualTo("DPoP error=\"use_dpop_nonce\"");
        String nonce = challenge.headers().get("DPoP-Nonce");
        assertThat(nonce).isNotNull();
        String proof = key.prove(expected(token).withNonce(nonce));
        assertThat(tokens.require(proven(token, proof), "audit:read").dpopThumbprint())
                .contains(key.thumbprint());
        assertThat(count("nonce-required")).isEqualTo(1);
    }

    @Test
    void nonceIsGoodForOneToTwoMinutes() {
        String token = token(boundToKey());
        String nonce = nonces.current();
        clock.advance(Duration.ofMinutes(1));
        assertThat(tokens.require(proven(token, key.prove(expected(token).withNonce(nonce))), "audit:read"))
                .isNotNull();
        clock.advance(Duration.ofMinutes(1));
        assertThat(refusal(proven(token, key.prove(expected(token).withNonce(nonce))))
                        .headers())
                .containsKey("DPoP-Nonce");
    }

    @Test
    void proofIsGoodOnce() {
        String token = token(boundToKey());
        String proof = key.prove(expected(token).withNonce(nonces.current()));
        assertThat(tokens.require(proven(token, proof), "audit:read")).isNotNull();
        assertThat(refusal(proven(token, proof)).headers())
                .containsEntry("WWW-Authenticate", "DPoP error=\"invalid_dpop_proof\"");
        assertThat(count("proof-replayed")).isEqualTo(1);
    }

    @Test
    void whileNobodyCanSayWhetherAProofWasUsedItIsRefused() {
        storeIsAway = true;
        String token = token(boundToKey());
        ProblemException refusal =
                refusal(proven(token, key.prove(expected(token).withNonce(nonces.current()))));
        assertThat(refusal.problem().status()).isEqualTo(503);
        assertThat(refusal.headers()).containsEntry("Retry-After", "1");
    }

    @Test
    void proofForAnotherUrlMethodTokenOrKeyIsRefused() {
        String token = token(boundToKey());
        String nonce = nonces.current();
        List<DpopExpectation> others = List.of(
                DpopExpectation.of("GET", PUBLIC_URL + "/v1/others").forToken(token),
                DpopExpectation.of("GET", "https://evil.example/v1/things").forToken(token),
                DpopExpectation.of("POST", PUBLIC_URL + "/v1/things").forToken(token),
                expected(token(Map.of())));
        for (DpopExpectation other : others) {
            assertThat(refusal(proven(token, key.prove(other.withNonce(nonce)))).headers())
                    .containsEntry("WWW-Authenticate", "DPoP error=\"invalid_dpop_proof\"");
        }
        DpopKey thief = DpopKey.generate(new SecureRandom(), clock);
        assertThat(refusal(proven(token, thief.prove(expected(token).withNonce(nonce))))
                        .headers())
                .containsEntry("WWW-Authenticate", "DPoP error=\"invalid_token\"");
    }

    @Test
    void theHostHeaderChangesNothing() {
        String token = token(boundToKey());
        MockHttpServletRequest request = proven(token, key.prove(expected(token).withNonce(nonces.current())));
        request.setServerName("evil.example");
        request.addHeader("X-Forwarded-Host", "evil.example");
        assertThat(tokens.require(request, "audit:read")).isNotNull();
    }

    @Test
    void unboundTokenWithAProofAndTwoProofsAndTwoTokensAreRefused() {
        String plain = token(Map.of());
        assertInvalid(refusal(proven(plain, key.prove(expected(plain).withNonce(nonces.current())))), "wrong-binding");
        String token = token(boundToKey());
        MockHttpServletRequest twice = proven(token, key.prove(expected(token).withNonce(nonces.current())));
        twice.addHeader("DPoP", key.prove(expected(token).withNonce(nonces.current())));
        assertThat(refusal(twice).problem().status()).isEqualTo(401);
        MockHttpServletRequest both = bearer(plain);
        both.addHeader("Authorization", "Bearer " + plain);
        assertThat(refusal(both).problem().status()).isEqualTo(401);
    }

    @Test
    void certificateBoundTokenIsTakenOverItsCertificateOnly() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        String thumbprint = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        String token = token(Map.of("cnf", Map.of("x5t#S256", thumbprint)));
        assertInvalid(refusal(bearer(token)), "wrong-binding");
        MockHttpServletRequest request = bearer(token);
        request.setAttribute("jakarta.servlet.request.X509Certificate", new X509Certificate[] {certificate});
        assertThat(tokens.require(request, "audit:read").certificateThumbprint())
                .contains(thumbprint);
    }

    @Test
    void tokenIsTakenFromItsAddressesOnly() {
        String token = token(Map.of("net", List.of("10.0.0.0/8")));
        MockHttpServletRequest request = bearer(token);
        request.addHeader("X-Forwarded-For", "10.1.2.3");
        assertInvalid(refusal(request), "wrong-address");
        request.setRemoteAddr("10.1.2.3");
        assertThat(tokens.require(request, "audit:read")).isNotNull();
    }

    @Test
    void revokedTokenIsInvalidAndWhileTheFeedIsSilentNobodyCanSay() {
        String token = token(Map.of());
        trust.current(false);
        ProblemException refusal = refusal(bearer(token));
        assertThat(refusal.problem().code()).isEqualTo("revocation-unavailable");
        assertThat(refusal.problem().status()).isEqualTo(503);
        assertThat(refusal.headers()).containsEntry("Retry-After", "1");
        trust.current(true);
        trust.apply(List.of(Revocation.of(Revocation.Kind.SESSION, "session-1", clock.instant(), "test")));
        assertInvalid(refusal(bearer(token)), "revoked");
    }

    private void assertInvalid(ProblemException refusal, String outcome) {
        assertThat(refusal.problem().status()).isEqualTo(401);
        assertThat(refusal.headers().get("WWW-Authenticate")).endsWith("error=\"invalid_token\"");
        assertThat(count(outcome)).isEqualTo(1);
    }

    private double count(String outcome) {
        return meters.get("postern.tokens.verified")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private ProblemException refusal(MockHttpServletRequest request) {
        List<ProblemException> refusals = new ArrayList<>();
        assertThatThrownBy(() -> tokens.require(request, "audit:read"))
                .isInstanceOfSatisfying(ProblemException.class, refusals::add);
        return refusals.getFirst();
    }

    private static MockHttpServletRequest request() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/v1/things");
        request.setQueryString("limit=1");
        return request;
    }

    private static MockHttpServletRequest bearer(String token) {
        MockHttpServletRequest request = request();
        request.addHeader("Authorization", "Bearer " + token);
        return request;
    }

    private static MockHttpServletRequest proven(String token, String proof) {
        MockHttpServletRequest request = request();
        request.addHeader("Authorization", "DPoP " + token);
        request.addHeader("DPoP", proof);
        return request;
    }

    private static DpopExpectation expected(String token) {
        return DpopExpectation.of("GET", PUBLIC_URL + "/v1/things").forToken(token);
    }

    private Map<String, Object> boundToKey() {
        return Map.of("cnf", Map.of("jkt", key.thumbprint()));
    }

    private String token(Map<String, Object> claims) {
        JWTClaimsSet.Builder all = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject("demo")
                .claim("client_id", "demo")
                .claim("tenant", "acme")
                .claim("token_use", "tool")
                .claim("sid", "session-1")
                .claim("scope", "audit:read")
                .jwtID("token-1")
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plusSeconds(300)));
        claims.forEach(all::claim);
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID("key-1")
                        .build(),
                all.build());
        try {
            jwt.sign(new ECDSASigner(signer));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    private static ECKey signer() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("key-1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private ECPublicKey publicKey() {
        try {
            return signer.toECPublicKey();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
