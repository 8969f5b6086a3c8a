package dev.postern.sts.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.sts.TestClientKey;
import dev.postern.sts.client.ClientPolicy;
import dev.postern.sts.client.ClientPolicy.Exchange;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.Proof;
import dev.postern.sts.clientauth.Connection;
import dev.postern.sts.refusal.Refused;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens of foreign issuers, the hostile ones above all.
final class ForeignSubjectsTest {
    private static final String US = "https://localhost:8543";
    private static final String ISSUER = "https://login.corp.example";

    private final MutableClock clock = MutableClock.atNoon();
    private final TestClientKey key = TestClientKey.generate("k1");
    private final AtomicInteger fetches = new AtomicInteger();
    private String published = key.jwks();
    private final ForeignSubjects subjects = new ForeignSubjects(
            US,
            TrustedIssuers.of(List.of(
                    issuer("corp", ISSUER, TrustedIssuer.Type.OIDC, Set.of("ES256", "RS256", "PS256")),
                    issuer("cluster", "https://k8s.example", TrustedIssuer.Type.KUBERNETES, Set.of("ES256")),
                    issuer("modern", "https://modern.example", TrustedIssuer.Type.OIDC, Set.of("EdDSA")),
                    issuer("mesh", "spiffe://mesh.example", TrustedIssuer.Type.SPIFFE, Set.of("ES256")))),
            new ForeignKeys(
                    _ -> {
                        fetches.incrementAndGet();
                        if (published.isEmpty()) {
                            throw new IOException("away");
                        }
                        return published;
                    },
                    clock),
            clock);

    @Test
    void ceilingWhenGoodThenTheIssuersAndTheTokensLife() {
        Ceiling ceiling = ceiling(key.sign(claims()));
        assertThat(ceiling.subject()).isEqualTo("corp/alice");
        assertThat(ceiling.scopes()).isEqualTo(Set.of("llm:invoke"));
        assertThat(ceiling.until()).contains(clock.instant().plusSeconds(60));
        assertThat(ceiling.sessionId()).isEmpty();
        assertThat(ceiling.actors()).containsExactly("agent");
    }

    @Test
    void ceilingWhenKubernetesOrSpiffeThenTheirSubjects() {
        String account = "system:serviceaccount:shop:cart";
        assertThat(ceiling(key.sign(claims().issuer("https://k8s.example").subject(account)))
                        .subject())
                .isEqualTo("cluster/" + account);
        assertThat(reason(key.sign(claims().issuer("https://k8s.example").subject("admin"))))
                .isEqualTo("foreign-subject");
        assertThat(ceiling(key.sign(claims().issuer(null).subject("spiffe://mesh.example/cart")))
                        .subject())
                .isEqualTo("mesh/spiffe://mesh.example/cart");
        assertThat(reason(key.sign(claims().issuer(null).subject("spiffe://evil.example/cart"))))
                .isEqualTo("foreign-issuer");
    }

    @Test
    void ceilingWhenRsaIsAllowedThenVerified() throws JOSEException {
        RSAKey rsa = new RSAKeyGenerator(2048).keyID("r1").generate();
        published = new JWKSet(rsa.toPublicJWK()).toString();
        for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256)) {
            assertThat(ceiling(signed(algorithm, "r1", new RSASSASigner(rsa))).subject())
                    .isEqualTo("corp/alice");
        }
        assertThat(reason(signed(JWSAlgorithm.RS512, "r1", new RSASSASigner(rsa))))
                .isEqualTo("foreign-wrong_algorithm");
        // The same key, at an issuer that does not sign so.
        JWTClaimsSet.Builder cluster = claims().issuer("https://k8s.example").subject("system:serviceaccount:a:b");
        assertThat(reason(signed(JWSAlgorithm.RS256, "r1", new RSASSASigner(rsa), cluster)))
                .isEqualTo("foreign-algorithm");
    }

    @ParameterizedTest
    @CsvSource({"32, true", "31, false", "33, false"})
    void keysWhenAnEd25519KeyHasAnotherLengthThenItIsNone(int length, boolean counts) throws GeneralSecurityException {
        KeyPair pair = ed25519();
        // One octet of zeros more would be the same number.
        byte[] encoded = Arrays.copyOf(octets(pair), length);
        published = "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"o1\",\"x\":\""
                + Base64.getUrlEncoder().withoutPadding().encodeToString(encoded) + "\"}]}";
        String signed = base64("{\"alg\":\"EdDSA\",\"kid\":\"o1\"}") + "."
                + base64(claims().issuer("https://modern.example").build().toString());
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        String token = signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        if (counts) {
            assertThat(ceiling(token).subject()).isEqualTo("modern/alice");
        } else {
            assertThat(reason(token)).isEqualTo("foreign-signature");
        }
    }

    /// Whose x is even, so that the last octet holds nothing but the number.
    private static KeyPair ed25519() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        KeyPair pair = generator.generateKeyPair();
        while (octets(pair)[31] < 0) {
            pair = generator.generateKeyPair();
        }
        return pair;
    }

    private static byte[] octets(KeyPair pair) {
        byte[] spki = pair.getPublic().getEncoded();
        return Arrays.copyOfRange(spki, spki.length - 32, spki.length);
    }

    @Test
    void ceilingWhenAlgorithmIsNoneOrConfusedThenRefused() throws JOSEException {
        assertThat(reason("eyJhbGciOiJub25lIn0." + payload() + ".")).isEqualTo("foreign-wrong_algorithm");
        byte[] publicKey = key.key().toECPublicKey().getEncoded();
        assertThat(reason(signed(JWSAlgorithm.HS256, "k1", new MACSigner(publicKey))))
                .isEqualTo("foreign-wrong_algorithm");
        assertThat(reason(TestClientKey.generate("k1").sign(claims()))).isEqualTo("foreign-signature");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"ES256\",\"kid\":\"k1\",\"jku\":\"https://evil.example\"}",
                "{\"alg\":\"ES256\",\"kid\":\"k1\",\"x5u\":\"https://evil.example\"}",
                "{\"alg\":\"ES256\",\"kid\":\"k1\",\"crit\":[\"exp\"]}",
                "{\"alg\":\"ES256\",\"alg\":\"none\",\"kid\":\"k1\"}"
            })
    void ceilingWhenHeaderNamesKeysOrIsTwoThingsThenMalformed(String header) {
        String good = key.sign(claims());
        String changed = base64(header) + good.substring(good.indexOf('.'));
        assertThat(reason(changed)).isEqualTo("foreign-malformed");
    }

    @Test
    void ceilingWhenNestedOversizedOrDuplicateThenRefused() {
        String good = key.sign(claims());
        assertThat(reason(base64("{\"alg\":\"ES256\",\"cty\":\"JWT\",\"kid\":\"k1\"}") + "." + base64(good) + ".AA"))
                .isEqualTo("foreign-malformed");
        assertThat(reason("a".repeat(9_000))).isEqualTo("foreign-oversized");
        String twice = "{\"iss\":\"" + ISSUER + "\",\"sub\":\"alice\",\"sub\":\"bob\"}";
        assertThat(reason(good.substring(0, good.indexOf('.') + 1) + base64(twice) + ".AA"))
                .isEqualTo("foreign-malformed");
    }

    @Test
    void ceilingWhenTimesAudienceOrIssuerDoNotFitThenRefused() {
        assertThat(reason(key.sign(claims().expirationTime(Date.from(clock.instant())))))
                .isEqualTo("foreign-expired");
        assertThat(reason(key.sign(claims().expirationTime(null)))).isEqualTo("foreign-missing_claim");
        assertThat(reason(key.sign(
                        claims().notBeforeTime(Date.from(clock.instant().plusSeconds(60))))))
                .isEqualTo("foreign-not-yet-valid");
        assertThat(reason(key.sign(claims().audience("https://other.example")))).isEqualTo("foreign-audience");
        assertThat(reason(key.sign(claims().audience(List.of(US, "https://other.example")))))
                .isEqualTo("foreign-audience");
        assertThat(reason(key.sign(claims().issuer("https://evil.example")))).isEqualTo("foreign-issuer");
        assertThat(reason(key.sign(claims().issuer(US)))).isEqualTo("foreign-is-own");
        assertThat(reason(key.sign(claims().claim("cnf", Map.of("jkt", "x"))))).isEqualTo("foreign-binding");
    }

    @Test
    void keysWhenIdsAreUnknownThenOneFetchASecond() {
        for (int i = 0; i < 50; i++) {
            assertThat(reason(TestClientKey.generate("unknown-" + i).sign(claims())))
                    .isEqualTo("foreign-signature");
        }
        assertThat(fetches).hasValue(1);
        clock.advance(Duration.ofSeconds(1));
        TestClientKey next = TestClientKey.generate("k2");
        published = next.jwks();
        assertThat(ceiling(next.sign(claims())).subject()).isEqualTo("corp/alice");
        assertThat(fetches).hasValue(2);
    }

    @Test
    void keysWhenTheAddressIsAwayThenTheOldOnesForTenMinutes() {
        assertThat(ceiling(key.sign(claims()))).isNotNull();
        published = "";
        clock.advance(Duration.ofMinutes(9));
        assertThat(ceiling(key.sign(claims()))).isNotNull();
        clock.advance(Duration.ofMinutes(2));
        assertThat(reason(key.sign(claims()))).isEqualTo("foreign-signature");
        assertThat(reason(key.sign(claims()))).as("and not asked again at once").isEqualTo("foreign-signature");
        assertThat(fetches).hasValue(2);
    }

    @Test
    void issuerWhenItWouldGrantAdministrationThenRefused() {
        assertThatThrownBy(() -> new TrustedIssuer(
                        "corp",
                        ISSUER,
                        TrustedIssuer.Type.OIDC,
                        new TrustedIssuer.Keys.Registered(key.jwks()),
                        US,
                        Set.of("ES256"),
                        Pattern.compile(".*"),
                        Set.of("admin:read"),
                        Set.of("urn:postern:admin"),
                        "acme",
                        Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private TrustedIssuer issuer(String name, String iss, TrustedIssuer.Type type, Set<String> algorithms) {
        return new TrustedIssuer(
                name,
                iss,
                type,
                new TrustedIssuer.Keys.Published(URI.create("https://keys.example/" + name)),
                US,
                algorithms,
                Pattern.compile(".*"),
                Set.of("llm:invoke"),
                Set.of("urn:postern:gateway"),
                "acme",
                Set.of());
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject("alice")
                .audience(US)
                .expirationTime(Date.from(clock.instant().plusSeconds(60)));
    }

    private String payload() {
        return base64(claims().build().toString());
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String signed(JWSAlgorithm algorithm, String keyId, JWSSigner signer) throws JOSEException {
        return signed(algorithm, keyId, signer, claims());
    }

    private static String signed(JWSAlgorithm algorithm, String keyId, JWSSigner signer, JWTClaimsSet.Builder claims)
            throws JOSEException {
        SignedJWT jwt =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims.build());
        jwt.sign(signer);
        return jwt.serialize();
    }

    private Ceiling ceiling(String token) {
        ClientPolicy standard = ClientPolicy.DEFAULT;
        ClientRegistration agent = new ClientRegistration(
                "agent",
                "acme",
                new Proof.WorkloadCertificate(),
                Set.of("llm:invoke"),
                Set.of("urn:postern:gateway"),
                new ClientPolicy(
                        standard.bindings(),
                        List.of(),
                        Set.of(),
                        standard.tokenLifetime(),
                        new Exchange(true, Set.of("corp", "cluster", "mesh", "modern"), Set.of()),
                        List.of(),
                        standard.sensitivityClearance()));
        Connection connection = new Connection(InetAddress.getLoopbackAddress(), List.of());
        return subjects.ceiling(token, new Exchanger(agent, connection, Optional.empty()));
    }

    private String reason(String token) {
        try {
            throw new AssertionError("accepted: " + ceiling(token).subject());
        } catch (Refused refused) {
            return refused.reason();
        }
    }
}
