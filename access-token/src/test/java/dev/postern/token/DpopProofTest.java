package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.postern.test.MutableClock;
import dev.postern.token.TokenRejected.Reason;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DpopProofTest {
    private final MutableClock clock = MutableClock.atNoon();
    private final DpopKey key = DpopKey.generate(new SecureRandom(), clock);
    private final DpopExpectation open = DpopExpectation.of("OPEN", "urn:postern:relay")
            .forToken("the.access.token")
            .withNonce("challenge")
            .with("tsh", "transcript");

    @Test
    void verifyWhenMadeForThisThenProven() throws TokenRejected {
        DpopProof proof = DpopProof.verify(key.prove(open), open, clock);

        assertThat(proof.thumbprint()).isEqualTo(key.thumbprint());
        assertThat(proof.issuedAt()).isEqualTo(clock.instant());
        assertThat(proof.claims()).containsEntry("tsh", "transcript");
        assertThat(proof.requireKeyOf(TestTokens.verified(Optional.of(key.thumbprint()))))
                .isSameAs(proof);
    }

    @Test
    void proveWhenTwiceThenDifferentIds() throws TokenRejected {
        assertThat(DpopProof.verify(key.prove(open), open, clock).proofId())
                .isNotEqualTo(DpopProof.verify(key.prove(open), open, clock).proofId());
    }

    @Test
    void verifyWhenAnyExpectedClaimDiffersThenWrongBinding() {
        for (String claim : open.claims().keySet()) {
            assertThat(refusal(key.prove(open.with(claim, "other")), open))
                    .as(claim)
                    .isEqualTo(Reason.WRONG_BINDING);
        }
    }

    @Test
    void verifyWhenAnExpectedClaimIsMissingThenRejected() {
        String plain = key.prove(DpopExpectation.of("OPEN", "urn:postern:relay"));
        assertThat(refusal(plain, open)).isEqualTo(Reason.MISSING_CLAIM);
    }

    @Test
    void verifyWhenOldOrFromTheFutureThenRejected() {
        String proof = key.prove(open);
        clock.advance(Duration.ofSeconds(90));
        assertThat(accepted(proof)).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(refusal(proof, open)).isEqualTo(Reason.EXPIRED);
        clock.advance(Duration.ofSeconds(-91 - 30));
        assertThat(accepted(proof)).isTrue();
        clock.advance(Duration.ofSeconds(-1));
        assertThat(refusal(proof, open)).isEqualTo(Reason.NOT_YET_VALID);
    }

    @Test
    void verifyWhenSignedByAnotherKeyThanNamedThenBadSignature() {
        TestTokens signer = new TestTokens("signer");
        String proof = signer.sign(header("dpop+jwt", new TestTokens("named")), payload());
        assertThat(refusal(proof, open)).isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    void verifyWhenOtherTypeOrNoKeyThenRejected() {
        TestTokens signer = new TestTokens("signer");
        assertThat(refusal(signer.sign(header("at+jwt", signer), payload()), open))
                .isEqualTo(Reason.WRONG_TYPE);
        assertThat(refusal(signer.sign("dpop+jwt", payload()), open)).isEqualTo(Reason.UNKNOWN_KEY);
    }

    @Test
    void verifyWhenHeaderCarriesThePrivateKeyThenRejected() {
        TestTokens signer = new TestTokens("signer");
        String header = "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\",\"jwk\":"
                + signer.key().toJSONString() + "}";
        assertThat(refusal(signer.signRaw(header, payload()), open)).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void verifyWhenProofIdIsMissingOrHugeThenRejected() {
        TestTokens signer = new TestTokens("signer");
        String noId = payload().replace("\"jti\":\"1\",", "");
        String hugeId = payload().replace("\"jti\":\"1\",", "\"jti\":\"" + "1".repeat(129) + "\",");
        assertThat(refusal(signer.sign(header("dpop+jwt", signer), noId), open)).isEqualTo(Reason.MISSING_CLAIM);
        assertThat(refusal(signer.sign(header("dpop+jwt", signer), hugeId), open))
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void requireKeyOfWhenTokenIsOfAnotherKeyThenRejected() throws TokenRejected {
        DpopProof proof = DpopProof.verify(key.prove(open), open, clock);
        for (Optional<String> other : Set.of(Optional.of("other"), Optional.<String>empty())) {
            try {
                throw new AssertionError("accepted: " + proof.requireKeyOf(TestTokens.verified(other)));
            } catch (TokenRejected rejected) {
                assertThat(rejected.reason()).isEqualTo(Reason.WRONG_BINDING);
            }
        }
    }

    @Test
    void thumbprintWhenComparedWithNimbusThenSame() throws JOSEException, TokenRejected {
        TestTokens signer = new TestTokens("signer");
        DpopProof proof = DpopProof.verify(signer.sign(header("dpop+jwt", signer), payload()), open, clock);
        assertThat(proof.thumbprint())
                .isEqualTo(signer.key().computeThumbprint().toString());
    }

    @Test
    void toStringWhenPrintedThenNoPrivateKey() {
        assertThat(key.toString()).isEqualTo("DpopKey[" + key.thumbprint() + "]");
    }

    private String payload() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("jti", "1");
        claims.put("iat", clock.instant().getEpochSecond());
        claims.putAll(open.claims());
        return JSONObjectUtils.toJSONString(claims);
    }

    private static JWSHeader header(String type, TestTokens named) {
        return new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType(type))
                .jwk(named.key().toPublicJWK())
                .build();
    }

    private boolean accepted(String proof) {
        try {
            return DpopProof.verify(proof, open, clock) != null;
        } catch (TokenRejected _) {
            return false;
        }
    }

    private Reason refusal(String proof, DpopExpectation expected) {
        try {
            throw new AssertionError("accepted: " + DpopProof.verify(proof, expected, clock));
        } catch (TokenRejected rejected) {
            return rejected.reason();
        }
    }
}
