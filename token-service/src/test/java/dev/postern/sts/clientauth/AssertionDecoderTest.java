package dev.postern.sts.clientauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.sts.TestClientKey;
import dev.postern.sts.TestSingleUse;
import dev.postern.sts.client.ClientKeys;
import dev.postern.sts.clientauth.AssertionRejected.Reason;
import dev.postern.sts.singleuse.UsedOnce;
import dev.postern.test.MutableClock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AssertionDecoderTest {
    private static final String ISSUER = "https://localhost:8543";

    private final MutableClock clock = MutableClock.atNoon();
    private final TestClientKey key = TestClientKey.generate("k1");
    private final UsedOnce usedOnce = new UsedOnce(new TestSingleUse(), clock);
    private final AssertionDecoder decoder = decoder("demo", key);

    @Test
    void decodeWhenGoodThenSubjectIsTheClient() {
        assertThat(decoder.decode(key.sign(claims())).getSubject()).isEqualTo("demo");
    }

    @Test
    void decodeWhenNoKeyIdThenEveryKeyIsTried() {
        String unnamed = key.sign(new JWSHeader(JWSAlgorithm.ES256), claims());
        assertThat(decoder.decode(unnamed).getSubject()).isEqualTo("demo");
    }

    @Test
    void decodeWhenReplayedThenRefused() {
        String assertion = key.sign(claims());
        decoder.decode(assertion);
        assertThat(refusal(assertion)).isEqualTo(Reason.REPLAYED);
    }

    @Test
    void decodeWhenRefusedThenIdIsNotUsedUp() {
        JWTClaimsSet.Builder claims = claims().jwtID("same");
        assertThat(refusal(TestClientKey.generate("k1").sign(claims))).isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(decoder.decode(key.sign(claims))).isNotNull();
    }

    @Test
    void decodeWhenTwoClientsUseTheSameIdThenBothPass() {
        decoder.decode(key.sign(claims().jwtID("same")));
        JWTClaimsSet.Builder other =
                TestClientKey.claims("other", ISSUER, clock.instant()).jwtID("same");
        assertThat(decoder("other", key).decode(key.sign(other))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://localhost:8543/oauth2/token",
                "https://localhost:8543/",
                "https://evil.example",
                "urn:postern:gateway"
            })
    void decodeWhenAudienceIsNotTheIssuerThenRefused(String audience) {
        assertThat(refusal(key.sign(claims().audience(audience)))).isEqualTo(Reason.WRONG_AUDIENCE);
    }

    @Test
    void decodeWhenAudienceIsMoreThanTheIssuerThenRefused() {
        assertThat(refusal(key.sign(claims().audience(List.of(ISSUER, "https://evil.example")))))
                .isEqualTo(Reason.WRONG_AUDIENCE);
    }

    @Test
    void decodeWhenOtherClientThenRefused() {
        assertThat(refusal(key.sign(claims().subject("other")))).isEqualTo(Reason.WRONG_CLIENT);
        assertThat(refusal(key.sign(claims().issuer("other")))).isEqualTo(Reason.WRONG_CLIENT);
    }

    @Test
    void decodeWhenOtherKeyThenRefused() {
        assertThat(refusal(TestClientKey.generate("k2").sign(claims()))).isEqualTo(Reason.UNKNOWN_KEY);
        assertThat(refusal(TestClientKey.generate("k1").sign(claims()))).isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    void decodeWhenOtherAlgorithmThenRefused() throws JOSEException {
        SignedJWT confused = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims().build());
        confused.sign(new MACSigner(key.key().toECPublicKey().getEncoded()));
        assertThat(refusal(confused.serialize())).isEqualTo(Reason.WRONG_ALGORITHM);
        assertThat(refusal("eyJhbGciOiJub25lIn0.e30.")).isEqualTo(Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "dpop+jwt", "postern-directory+jwt"})
    void decodeWhenAnotherKindOfJwtThenRefused(String type) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("k1")
                .type(new JOSEObjectType(type))
                .build();
        assertThat(refusal(key.sign(header, claims()))).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void decodeWhenTimesAreAtTheirBoundsThenSkewDecides() {
        assertThat(decoder.decode(key.sign(expiringIn(-29)))).isNotNull();
        assertThat(refusal(key.sign(expiringIn(-30)))).isEqualTo(Reason.EXPIRED);
        assertThat(decoder.decode(key.sign(expiringIn(330)))).isNotNull();
        assertThat(refusal(key.sign(expiringIn(331)))).isEqualTo(Reason.TOO_LONG_LIVED);
        assertThat(refusal(key.sign(claims().expirationTime(null)))).isEqualTo(Reason.EXPIRED);
        assertThat(refusal(key.sign(claims().issueTime(in(31))))).isEqualTo(Reason.NOT_YET_VALID);
        assertThat(refusal(key.sign(claims().notBeforeTime(in(31))))).isEqualTo(Reason.NOT_YET_VALID);
    }

    @Test
    void decodeWhenIdIsMissingOrHugeThenRefused() {
        assertThat(refusal(key.sign(claims().jwtID(null)))).isEqualTo(Reason.NO_ID);
        assertThat(refusal(key.sign(claims().jwtID(" ")))).isEqualTo(Reason.NO_ID);
        assertThat(refusal(key.sign(claims().jwtID("x".repeat(129))))).isEqualTo(Reason.NO_ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b.c", "e30.e30.AA", "ä"})
    void decodeWhenNoJwtThenMalformed(String text) {
        assertThat(refusal(text)).isEqualTo(Reason.MALFORMED);
    }

    private AssertionDecoder decoder(String clientId, TestClientKey with) {
        return new AssertionDecoder(
                clientId,
                ClientKeys.parse(with.jwks()),
                new AssertionPolicy(ISSUER, Duration.ofMinutes(5), Duration.ofSeconds(30)),
                usedOnce,
                clock);
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

    private Reason refusal(String assertion) {
        try {
            throw new AssertionError("accepted: " + decoder.decode(assertion).getClaims());
        } catch (AssertionRejected rejected) {
            return rejected.reason();
        }
    }
}
