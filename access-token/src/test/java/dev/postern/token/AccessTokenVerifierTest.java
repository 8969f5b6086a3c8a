package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.postern.test.MutableClock;
import dev.postern.token.Presentation.Scheme;
import dev.postern.token.TokenRejected.Reason;
import dev.postern.token.TrustState.Standing;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessTokenVerifierTest {
    private final MutableClock clock = MutableClock.atNoon();
    private final TestTokens tokens = new TestTokens("key-1");
    private final Map<String, ECPublicKey> trusted = new HashMap<>(Map.of("key-1", tokens.publicKey()));
    private Standing standing = Standing.TRUSTED;
    private final Map<String, ECPublicKey> former = new HashMap<>();
    private final List<String> signed = new ArrayList<>();
    private final AccessTokenVerifier verifier = new AccessTokenVerifier(
            new VerifierSettings(TestTokens.ISSUER, TestTokens.AUDIENCE, TokenUse.DATA_PLANE),
            new Keys(),
            _ -> standing,
            clock);

    private final class Keys implements VerificationKeys {
        @Override
        public Optional<ECPublicKey> find(String kid) {
            return Optional.ofNullable(trusted.get(kid));
        }

        @Override
        public Optional<ECPublicKey> former(String kid) {
            return Optional.ofNullable(former.get(kid));
        }

        @Override
        public void signed(String kid, Instant issuedAt) {
            signed.add(kid + " " + issuedAt);
        }
    }

    @Test
    void verifyWhenGoodThenClaims() throws TokenRejected {
        AccessToken token = verifier.verify(tokens.sign(claims()));

        assertThat(token.clientId()).isEqualTo("demo");
        assertThat(token.tenant()).isEqualTo("acme");
        assertThat(token.keyId()).isEqualTo("key-1");
        assertThat(token.scopes()).isEqualTo(Set.of("llm:invoke", "audit:read"));
        assertThat(token.hasScope("llm:invoke")).isTrue();
        assertThat(token.hasScope("llm:delegate")).isFalse();
        assertThat(token.expiresAt()).isEqualTo(clock.instant().plusSeconds(300));
        assertThat(token.isBound()).isFalse();
    }

    @Test
    void verifyWhenAudienceIsOneOfManyThenRejected() throws TokenRejected {
        assertThat(refusal(tokens.sign(with("aud", List.of("urn:other", TestTokens.AUDIENCE)))))
                .isEqualTo(Reason.WRONG_AUDIENCE);
        assertThat(verifier.verify(tokens.sign(with("aud", List.of(TestTokens.AUDIENCE))))
                        .audience())
                .containsExactly(TestTokens.AUDIENCE);
    }

    @Test
    void verifyWhenNoScopeThenNone() throws TokenRejected {
        assertThat(verifier.verify(tokens.sign(without("scope"))).scopes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c.d", "e30.e30.", "e30=.e30.AA", "!!!.e30.AA", "W10.e30.AA"})
    void verifyWhenNotThreeCanonicalPartsThenMalformed(String compact) {
        assertThat(refusal(compact)).isIn(Reason.MALFORMED, Reason.WRONG_ALGORITHM);
    }

    @Test
    void verifyWhenTooLongThenOversized() {
        assertThat(refusal("a".repeat(AccessTokenVerifier.MAX_LENGTH + 1))).isEqualTo(Reason.OVERSIZED);
        assertThat(refusal("a".repeat(AccessTokenVerifier.MAX_LENGTH))).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void verifyWhenAlgorithmNoneThenRejected() {
        String payload = TestTokens.base64(new Payload(claims()).toString());
        for (String algorithm : List.of("none", "None", "NONE", "")) {
            String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"at+jwt\",\"kid\":\"key-1\"}";
            assertThat(refusal(TestTokens.base64(header) + "." + payload + "."))
                    .isIn(Reason.WRONG_ALGORITHM, Reason.MALFORMED);
        }
    }

    @Test
    void verifyWhenHmacKeyedWithPublicKeyThenRejected() throws JOSEException {
        JWSObject confused = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID("key-1")
                        .build(),
                new Payload(claims()));
        confused.sign(new MACSigner(tokens.publicKey().getEncoded()));

        assertThat(refusal(confused.serialize())).isEqualTo(Reason.WRONG_ALGORITHM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "dpop+jwt", "application/jwt", "id+jwt"})
    void verifyWhenOtherTypeThenRejected(String type) {
        assertThat(refusal(tokens.sign(type, new Payload(claims()).toString()))).isEqualTo(Reason.WRONG_TYPE);
    }

    @Test
    void verifyWhenTypeIsSpelledAsMediaTypeThenAccepted() throws TokenRejected {
        assertThat(verifier.verify(tokens.sign("application/at+JWT", new Payload(claims()).toString())))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"crit\":[\"exp\"]",
                "\"jku\":\"https://evil.example/jwks\"",
                "\"x5u\":\"https://evil.example/cert\"",
                "\"b64\":false",
                "\"zip\":\"DEF\"",
                "\"alg\":\"ES256\"",
                "\"kid\":\"key-2\""
            })
    void verifyWhenHeaderIsDangerousOrDuplicatedThenMalformed(String member) {
        String header = "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"key-1\"," + member + "}";
        assertThat(refusal(tokens.signRaw(header, new Payload(claims()).toString())))
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void verifyWhenEmbeddedKeyOfForgerThenNotUsed() {
        TestTokens forger = new TestTokens("key-1");
        String forged = forger.sign(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID("key-1")
                        .jwk(forger.key().toPublicJWK())
                        .build(),
                new Payload(claims()).toString());

        assertThat(refusal(forged)).isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    void verifyWhenClaimIsDuplicatedThenMalformed() {
        String payload = new Payload(claims()).toString().replace("{", "{\"sub\":\"root\",");
        assertThat(refusal(tokens.sign("at+jwt", payload))).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void verifyWhenKeyIsUnknownOrUnnamedThenRejected() {
        assertThat(refusal(new TestTokens("key-2").sign(claims()))).isEqualTo(Reason.UNKNOWN_KEY);
        assertThat(refusal(tokens.signRaw("{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}", "{}")))
                .isEqualTo(Reason.UNKNOWN_KEY);
    }

    @Test
    void verifyWhenSignedByAnotherKeyUnderTheSameIdThenRejected() {
        assertThat(refusal(new TestTokens("key-1").sign(claims()))).isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    void verifyWhenSignatureIsAllZeroesThenRejected() {
        String token = tokens.sign(claims());
        String unsigned = token.substring(0, token.lastIndexOf('.') + 1);
        assertThat(refusal(unsigned + TestTokens.base64("\0".repeat(64)))).isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(refusal(unsigned + TestTokens.base64("\0".repeat(63)))).isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(refusal(unsigned)).isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    void verifyWhenAnyCharacterIsAlteredThenRejected() {
        String token = tokens.sign(claims());
        for (int i = 0; i < token.length(); i++) {
            char altered = token.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(refusal(token.substring(0, i) + altered + token.substring(i + 1)))
                    .as("character %d", i)
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "iss, https://evil.example, WRONG_ISSUER",
        "aud, urn:postern:relay, WRONG_AUDIENCE",
        "exp, soon, MALFORMED",
        "scope, '', MALFORMED",
        "tenant, '', MALFORMED"
    })
    void verifyWhenClaimIsWrongThenRejected(String claim, String value, Reason reason) {
        assertThat(refusal(tokens.sign(with(claim, value)))).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "iat", "exp", "jti", "client_id", "sub", "tenant"})
    void verifyWhenRequiredClaimIsMissingThenRejected(String claim) {
        assertThat(refusal(tokens.sign(without(claim)))).isEqualTo(Reason.MISSING_CLAIM);
    }

    @Test
    void verifyWhenTimesAreAtTheirBoundsThenSkewDecides() throws TokenRejected {
        long now = clock.instant().getEpochSecond();
        assertThat(verifier.verify(tokens.sign(with("exp", now - 29)))).isNotNull();
        assertThat(refusal(tokens.sign(with("exp", now - 30)))).isEqualTo(Reason.EXPIRED);
        assertThat(verifier.verify(tokens.sign(with("iat", now + 30)))).isNotNull();
        assertThat(refusal(tokens.sign(with("iat", now + 31)))).isEqualTo(Reason.NOT_YET_VALID);
        assertThat(refusal(tokens.sign(with("nbf", now + 31)))).isEqualTo(Reason.NOT_YET_VALID);
        assertThat(refusal(tokens.sign(with("exp", Long.MAX_VALUE)))).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(tokens.sign(with("exp", -1)))).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void verifyWhenRememberedThenStillExpires() throws TokenRejected {
        String token = tokens.sign(claims());
        verifier.verify(token);
        clock.advance(Duration.ofSeconds(329));
        assertThat(verifier.verify(token)).isNotNull();
        clock.advance(Duration.ofSeconds(1));
        assertThat(refusal(token)).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void verifyWhenRememberedThenKeyMustStillBeTrusted() throws TokenRejected {
        String token = tokens.sign(claims());
        verifier.verify(token);
        trusted.put("key-1", new TestTokens("key-1").publicKey());
        assertThat(refusal(token)).isEqualTo(Reason.UNKNOWN_KEY);
        trusted.clear();
        assertThat(refusal(token)).isEqualTo(Reason.UNKNOWN_KEY);
    }

    @Test
    void verifyWhenReallySignedThenTheKeyIsToldWhateverElseIsWrong() throws TokenRejected {
        String told = "key-1 " + clock.instant();
        verifier.verify(tokens.sign(claims()));
        assertThat(signed).containsExactly(told);
        assertThat(refusal(tokens.sign(with("aud", "urn:postern:relay")))).isEqualTo(Reason.WRONG_AUDIENCE);
        assertThat(signed).containsExactly(told, told);
        assertThat(refusal(tokens.sign(without("iat")))).isEqualTo(Reason.MISSING_CLAIM);
        assertThat(refusal(new TestTokens("key-1").sign(claims()))).isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(refusal(new TestTokens("key-2").sign(claims()))).isEqualTo(Reason.UNKNOWN_KEY);
        assertThat(signed).as("a forger proves nothing").hasSize(2);
    }

    @Test
    void verifyWhenSignedByAFormerKeyThenRejectedAndTold() {
        trusted.clear();
        former.put("key-1", tokens.publicKey());
        assertThat(refusal(tokens.sign(claims()))).isEqualTo(Reason.UNKNOWN_KEY);
        assertThat(signed).containsExactly("key-1 " + clock.instant());
        assertThat(refusal(new TestTokens("key-1").sign(claims())))
                .as("a forger learns nothing")
                .isEqualTo(Reason.UNKNOWN_KEY);
        assertThat(refusal(tokens.sign("at+jwt", "[]"))).isEqualTo(Reason.UNKNOWN_KEY);
        assertThat(signed).hasSize(1);
    }

    @Test
    void verifyWhenTokensShareTheirFirst200CharactersThenEachIsJudged() throws TokenRejected {
        Map<String, Object> claims = claims();
        claims.put("zz", "1");
        String good = tokens.sign(claims);
        claims.put("zz", "2");
        String alsoGood = tokens.sign(claims);
        String forged = new TestTokens("key-1").sign(claims);
        assertThat(good.substring(0, 200)).isEqualTo(forged.substring(0, 200)).isEqualTo(alsoGood.substring(0, 200));

        verifier.verify(good);
        verifier.verify(alsoGood);
        assertThat(refusal(forged)).isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(refusal(good.substring(0, good.length() - 86) + forged.substring(forged.length() - 86)))
                .isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    void verifyWhenTakenBackThenRejectedEvenIfRemembered() throws TokenRejected {
        String token = tokens.sign(claims());
        verifier.verify(token);
        standing = Standing.REVOKED;
        assertThat(refusal(token)).isEqualTo(Reason.REVOKED);
        standing = Standing.OUTDATED;
        assertThat(refusal(token)).isEqualTo(Reason.OUTDATED);
        standing = Standing.UNKNOWN;
        assertThat(refusal(token)).isEqualTo(Reason.REVOCATION_UNKNOWN);
        standing = Standing.TRUSTED;
        assertThat(verifier.verify(token)).isNotNull();
    }

    @Test
    void verifyWhenForAnotherUseThenRejected() {
        assertThat(refusal(tokens.sign(with("token_use", "admin")))).isEqualTo(Reason.WRONG_USE);
        assertThat(refusal(tokens.sign(with("token_use", "anything")))).isEqualTo(Reason.WRONG_USE);
        assertThat(refusal(tokens.sign(without("token_use")))).isEqualTo(Reason.MISSING_CLAIM);
        // A capability without its count would be one without end.
        assertThat(refusal(tokens.sign(with("token_use", "capability")))).isEqualTo(Reason.WRONG_USE);
        assertThat(refusal(tokens.sign(with("uses", 1)))).isEqualTo(Reason.WRONG_USE);
    }

    @Test
    void verifyWhenRestrictedThenClaims() throws TokenRejected {
        Map<String, Object> claims = claims();
        claims.put("roles", List.of("analyst"));
        claims.put("pol", 7);
        claims.put("act", Map.of("sub", "near", "act", Map.of("sub", "far")));
        claims.put(
                "authorization_details",
                List.of(
                        Map.of("type", "postern_models", "models", List.of("small-*")),
                        Map.of("type", "postern_budget", "requests", 3)));
        AccessToken token = verifier.verify(tokens.sign(claims));
        assertThat(token.sessionId()).isEqualTo("session-1");
        assertThat(token.roles()).containsExactly("analyst");
        assertThat(token.policyEpoch()).isEqualTo(7);
        assertThat(token.actors()).containsExactly("near", "far");
        assertThat(token.mayUseModel("small-1")).isTrue();
        assertThat(token.mayUseModel("large")).isFalse();
        assertThat(refusal(tokens.sign(with(
                        "authorization_details", List.of(Map.of("type", "postern_models", "models", "x", "more", 1))))))
                .isEqualTo(Reason.MALFORMED);
        assertThat(refusal(tokens.sign(with("authorization_details", List.of(Map.of("type", "other"))))))
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void verifyWhenFromAnotherAddressThenRejected() throws TokenRejected {
        String token = tokens.sign(with("net", List.of("10.0.0.0/8", "2001:db8::/32")));
        assertThat(verifier.verify(token, from("10.255.0.1"))).isNotNull();
        assertThat(verifier.verify(token, from("::ffff:10.1.1.1"))).isNotNull();
        assertThat(verifier.verify(token, from("2001:db8:1::1"))).isNotNull();
        for (String elsewhere : List.of("11.0.0.1", "2001:db9::1", "::1")) {
            assertThatExceptionOfType(TokenRejected.class)
                    .isThrownBy(() -> verifier.verify(token, from(elsewhere)))
                    .extracting(TokenRejected::reason)
                    .isEqualTo(Reason.WRONG_ADDRESS);
        }
        assertThatExceptionOfType(TokenRejected.class).isThrownBy(() -> verifier.verify(token, Presentation.bearer()));
    }

    @Test
    void verifyWhenProofOfItsKeyForItThenAccepted() throws TokenRejected {
        DpopKey key = DpopKey.generate(new SecureRandom(), clock);
        String token = tokens.sign(with("cnf", Map.of("jkt", key.thumbprint())));
        assertThat(verifier.verify(token, proven(key, token))).isNotNull();

        DpopKey other = DpopKey.generate(new SecureRandom(), clock);
        assertThat(refusal(token, proven(other, token))).isEqualTo(Reason.WRONG_BINDING);
        String sibling = tokens.sign(claims());
        assertThat(refusal(token, proven(key, sibling))).isEqualTo(Reason.WRONG_BINDING);
        // A proof does not make a plain token a bound one.
        assertThat(refusal(sibling, proven(key, sibling))).isEqualTo(Reason.WRONG_BINDING);
    }

    @Test
    void verifyWhenOverItsCertificateThenAccepted() throws TokenRejected {
        String token = tokens.sign(with("cnf", Map.of("x5t#S256", "thumb")));
        assertThat(verifier.verify(token, over("thumb"))).isNotNull();
        assertThat(refusal(token, over("other"))).isEqualTo(Reason.WRONG_BINDING);
        // A plain token does not mind a certificate.
        assertThat(verifier.verify(tokens.sign(claims()), over("thumb"))).isNotNull();
    }

    private Presentation from(String address) {
        return new Presentation(
                Scheme.BEARER, Optional.empty(), Optional.empty(), Optional.of(IpRange.literal(address)));
    }

    private static Presentation over(String thumbprint) {
        return new Presentation(Scheme.BEARER, Optional.empty(), Optional.of(thumbprint), Optional.empty());
    }

    private Presentation proven(DpopKey key, String token) throws TokenRejected {
        DpopExpectation expected =
                DpopExpectation.of("POST", "https://localhost/v1").forToken(token);
        DpopProof proof = DpopProof.verify(key.prove(expected), expected, clock);
        return new Presentation(Scheme.DPOP, Optional.of(proof), Optional.empty(), Optional.empty());
    }

    private Reason refusal(String compact, Presentation presentation) {
        try {
            throw new AssertionError("accepted: " + verifier.verify(compact, presentation));
        } catch (TokenRejected rejected) {
            return rejected.reason();
        }
    }

    @Test
    void verifyWhenBoundAndPresentedPlainThenRejected() throws TokenRejected {
        String dpop = tokens.sign(with("cnf", Map.of("jkt", "thumb")));
        String mtls = tokens.sign(with("cnf", Map.of("x5t#S256", "thumb")));
        assertThat(verifier.verify(dpop).dpopThumbprint()).contains("thumb");
        assertThat(verifier.verify(mtls).certificateThumbprint()).contains("thumb");
        for (String bound : List.of(dpop, mtls)) {
            assertThatExceptionOfType(TokenRejected.class)
                    .isThrownBy(() -> verifier.verify(bound, Presentation.bearer()))
                    .extracting(TokenRejected::reason)
                    .isEqualTo(Reason.WRONG_BINDING);
        }
        assertThat(verifier.verify(tokens.sign(claims()), Presentation.bearer()))
                .isNotNull();
    }

    @Test
    void verifyWhenBoundInAnUnknownWayThenRejected() {
        assertThat(refusal(tokens.sign(with("cnf", Map.of("kid", "x"))))).isEqualTo(Reason.WRONG_BINDING);
        assertThat(refusal(tokens.sign(with("cnf", Map.of())))).isEqualTo(Reason.WRONG_BINDING);
        assertThat(refusal(tokens.sign(with("cnf", "x")))).isEqualTo(Reason.MALFORMED);
    }

    private Map<String, Object> claims() {
        return TestTokens.claims(clock.instant());
    }

    private Map<String, Object> with(String claim, Object value) {
        Map<String, Object> claims = claims();
        claims.put(claim, value);
        return claims;
    }

    private Map<String, Object> without(String claim) {
        Map<String, Object> claims = claims();
        claims.remove(claim);
        return claims;
    }

    private Reason refusal(String compact) {
        try {
            throw new AssertionError("accepted: " + verifier.verify(compact));
        } catch (TokenRejected rejected) {
            return rejected.reason();
        }
    }
}
