package dev.postern.sts.clientauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.sts.TestClientKey;
import dev.postern.sts.TestDatabase;
import dev.postern.sts.TestSingleUse;
import dev.postern.sts.client.ClientKeys;
import dev.postern.sts.client.ClientPolicy;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.client.Clients;
import dev.postern.sts.client.Proof;
import dev.postern.sts.refusal.Refusal;
import dev.postern.sts.refusal.Refused;
import dev.postern.sts.singleuse.UsedOnce;
import dev.postern.test.MutableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AssertionVerifierTest {
    private static final String ISSUER = "https://localhost:8543";

    private final MutableClock clock = MutableClock.atNoon();
    private final TestClientKey key = TestClientKey.generate("k1");
    private final TestSingleUse store = new TestSingleUse();
    private final UsedOnce usedOnce = new UsedOnce(store, clock);
    private final TestDatabase database = TestDatabase.create();
    private final ClientRegistry registry =
            new ClientRegistry(database.jdbc(), database.transactions(), database.seal(), clock);
    private final AssertionVerifier verifier = new AssertionVerifier(
            new Clients(registry, clock),
            new AssertionPolicy(ISSUER, Duration.ofMinutes(5), Duration.ofSeconds(30)),
            usedOnce,
            clock);

    AssertionVerifierTest() {
        register("demo");
        register("other");
    }

    @Test
    void assertionWhenTheRequestNamesAnotherClientThenRefusedAndNotUsedUp() {
        String assertion = key.sign(claims());
        assertThatThrownBy(() -> verifier.verify(assertion, Optional.of("other")))
                .isInstanceOf(Refused.class);
        assertThat(verifier.verify(assertion, Optional.of("demo")).clientId()).isEqualTo("demo");
    }

    @Test
    void verifyWhenGoodThenSubjectIsTheClient() {
        assertThat(verify(key.sign(claims())).clientId()).isEqualTo("demo");
    }

    @Test
    void verifyWhenNoKeyIdThenEveryKeyIsTried() {
        String unnamed = key.sign(new JWSHeader(JWSAlgorithm.ES256), claims());
        assertThat(verify(unnamed).clientId()).isEqualTo("demo");
    }

    @Test
    void verifyWhenReplayedThenRefused() {
        String assertion = key.sign(claims());
        verify(assertion);
        assertThat(refusal(assertion)).isEqualTo(AssertionRejected.REPLAYED);
    }

    @Test
    void verifyWhenRefusedThenIdIsNotUsedUp() {
        JWTClaimsSet.Builder claims = claims().jwtID("same");
        assertThat(refusal(TestClientKey.generate("k1").sign(claims))).isEqualTo(AssertionRejected.BAD_SIGNATURE);
        assertThat(verify(key.sign(claims))).isNotNull();
    }

    @Test
    void verifyWhenTwoClientsUseTheSameIdThenBothPass() {
        verify(key.sign(claims().jwtID("same")));
        JWTClaimsSet.Builder other =
                TestClientKey.claims("other", ISSUER, clock.instant()).jwtID("same");
        assertThat(verify(key.sign(other))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://localhost:8543/oauth2/token",
                "https://localhost:8543/",
                "https://evil.example",
                "urn:postern:gateway"
            })
    void verifyWhenAudienceIsNotTheIssuerThenRefused(String audience) {
        assertThat(refusal(key.sign(claims().audience(audience)))).isEqualTo(AssertionRejected.WRONG_AUDIENCE);
    }

    @Test
    void verifyWhenAudienceIsMoreThanTheIssuerThenRefused() {
        assertThat(refusal(key.sign(claims().audience(List.of(ISSUER, "https://evil.example")))))
                .isEqualTo(AssertionRejected.WRONG_AUDIENCE);
    }

    @Test
    void verifyWhenOtherClientThenRefused() {
        assertThat(refusal(key.sign(claims().subject("other")))).isEqualTo(AssertionRejected.WRONG_CLIENT);
        assertThat(refusal(key.sign(claims().issuer("other")))).isEqualTo(AssertionRejected.WRONG_CLIENT);
    }

    @Test
    void verifyWhenOtherKeyThenRefused() {
        assertThat(refusal(TestClientKey.generate("k2").sign(claims()))).isEqualTo(AssertionRejected.UNKNOWN_KEY);
        assertThat(refusal(TestClientKey.generate("k1").sign(claims()))).isEqualTo(AssertionRejected.BAD_SIGNATURE);
    }

    @Test
    void verifyWhenOtherAlgorithmThenRefused() throws JOSEException {
        SignedJWT confused = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims().build());
        confused.sign(new MACSigner(key.key().toECPublicKey().getEncoded()));
        assertThat(refusal(confused.serialize())).isEqualTo(AssertionRejected.WRONG_ALGORITHM);
        assertThat(refusal("eyJhbGciOiJub25lIn0.e30.")).isEqualTo(AssertionRejected.WRONG_ALGORITHM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"crit", "jku", "x5u", "zip"})
    void verifyWhenHeaderChangesTheProcessingThenMalformed(String parameter) {
        String header = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"" + parameter + "\":\"x\"}";
        String good = key.sign(claims());
        String changed = Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8))
                + good.substring(good.indexOf('.'));
        assertThat(refusal(changed)).isEqualTo(AssertionRejected.MALFORMED);
    }

    @Test
    void verifyWhenTheKeyWasTakenAwayThenRefusedWithinTheBound() {
        assertThat(verify(key.sign(claims()))).isNotNull();
        ClientRegistration demo = registry.find("demo").orElseThrow();
        registry.update(demo.withProof(new Proof.SignedAssertion(
                ClientKeys.parse(TestClientKey.generate("k1").jwks()))));
        clock.advance(Clients.BOUND);
        assertThat(refusal(key.sign(claims()))).isEqualTo(AssertionRejected.BAD_SIGNATURE);
    }

    @Test
    void verifyWhenRedisIsAwayThenUnavailable() {
        store.setAway(true);
        assertThatThrownBy(() -> verify(key.sign(claims())))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.TEMPORARILY_UNAVAILABLE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "dpop+jwt", "postern-directory+jwt"})
    void verifyWhenAnotherKindOfJwtThenRefused(String type) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("k1")
                .type(new JOSEObjectType(type))
                .build();
        assertThat(refusal(key.sign(header, claims()))).isEqualTo(AssertionRejected.MALFORMED);
    }

    @Test
    void verifyWhenTimesAreAtTheirBoundsThenSkewDecides() {
        assertThat(verify(key.sign(expiringIn(-29)))).isNotNull();
        assertThat(refusal(key.sign(expiringIn(-30)))).isEqualTo(AssertionRejected.EXPIRED);
        assertThat(verify(key.sign(expiringIn(330)))).isNotNull();
        assertThat(refusal(key.sign(expiringIn(331)))).isEqualTo(AssertionRejected.TOO_LONG_LIVED);
        assertThat(refusal(key.sign(claims().expirationTime(null)))).isEqualTo(AssertionRejected.EXPIRED);
        assertThat(refusal(key.sign(claims().issueTime(in(31))))).isEqualTo(AssertionRejected.NOT_YET_VALID);
        assertThat(refusal(key.sign(claims().notBeforeTime(in(31))))).isEqualTo(AssertionRejected.NOT_YET_VALID);
    }

    @Test
    void verifyWhenIdIsMissingOrHugeThenRefused() {
        assertThat(refusal(key.sign(claims().jwtID(null)))).isEqualTo(AssertionRejected.NO_ID);
        assertThat(refusal(key.sign(claims().jwtID(" ")))).isEqualTo(AssertionRejected.NO_ID);
        assertThat(refusal(key.sign(claims().jwtID("x".repeat(129))))).isEqualTo(AssertionRejected.NO_ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b.c", "ä"})
    void verifyWhenNoJwtThenMalformed(String text) {
        assertThat(refusal(text)).isEqualTo(AssertionRejected.MALFORMED);
    }

    private void register(String clientId) {
        registry.create(new ClientRegistration(
                clientId,
                "acme",
                new Proof.SignedAssertion(ClientKeys.parse(key.jwks())),
                Set.of("llm:invoke"),
                Set.of("urn:postern:gateway"),
                ClientPolicy.DEFAULT));
    }

    private JWTClaimsSet.Builder claims() {
        return TestClientKey.claims("demo", ISSUER, clock.instant());
    }

    private JWTClaimsSet.Builder expiringIn(long seconds) {
        return claims().expirationTime(in(seconds));
    }

    private Date in(long seconds) {
        return Date.from(clock.instant().plusSeconds(seconds));
    }

    private AssertionRejected refusal(String assertion) {
        try {
            throw new AssertionError("accepted: " + verify(assertion).clientId());
        } catch (Refused refused) {
            assertThat(refused.refusal()).isEqualTo(Refusal.INVALID_CLIENT);
            return Arrays.stream(AssertionRejected.values())
                    .filter(reason -> reason.code().equals(refused.reason()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private ClientRegistration verify(String assertion) {
        return verifier.verify(assertion, Optional.empty());
    }
}
