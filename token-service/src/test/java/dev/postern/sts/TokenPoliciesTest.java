package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.ClientRegistration.Status;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.clientauth.CertificatePaths;
import dev.postern.token.AccessToken;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopKey;
import dev.postern.token.TokenUse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.awaitility.Awaitility;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;

/// What registrations make of tokens: binding, use, details.
final class TokenPoliciesTest extends TokenPoliciesFixture {
    private final DpopKey key = DpopKey.generate(random, clock);

    TokenPoliciesTest() throws IOException {}

    @Test
    void tokenWhenBindingIsMandatoryThenNoPlainOne() throws Exception {
        assertRefused(send(external, as("strict", Map.of("scope", "llm:invoke")), Map.of()), 400, "invalid_request");
    }

    @Test
    void tokenWhenProofHasNoNonceThenChallengedAndThenBound() throws Exception {
        HttpResponse<String> challenge = send(
                external,
                as("strict", Map.of("scope", "llm:invoke")),
                Map.of("DPoP", key.prove(DpopExpectation.of("POST", TARGET))));
        assertRefused(challenge, 400, "use_dpop_nonce");
        String nonce = challenge.headers().firstValue("DPoP-Nonce").orElseThrow();

        String proof = key.prove(DpopExpectation.of("POST", TARGET).withNonce(nonce));
        HttpResponse<String> response =
                send(external, as("strict", Map.of("scope", "llm:invoke")), Map.of("DPoP", proof));
        AccessToken token = verify(token(response), GATEWAY);
        assertThat(token.dpopThumbprint()).contains(key.thumbprint());
        assertThat(token.roles()).containsExactly("analyst");
        assertThat(token.mayUseModel("simulator-1")).isTrue();
        assertThat(token.mayUseModel("other")).isFalse();
        assertThat(token.expiresAt()).isEqualTo(token.issuedAt().plusSeconds(120));
        assertThat(response.headers().firstValue("DPoP-Nonce")).isPresent();
        assertThat(JSONObjectUtils.parse(response.body()))
                .containsEntry("token_type", "DPoP")
                .containsKey("authorization_details");

        // The same proof, and one with a nonce that nobody gave.
        assertRefused(
                send(external, as("strict", Map.of("scope", "llm:invoke")), Map.of("DPoP", proof)),
                400,
                "invalid_dpop_proof");
        String invented = key.prove(DpopExpectation.of("POST", TARGET).withNonce("invented"));
        assertRefused(
                send(external, as("strict", Map.of("scope", "llm:invoke")), Map.of("DPoP", invented)),
                400,
                "use_dpop_nonce");
    }

    @Test
    void tokenWhenCertificateIsTheRegisteredThenIssuedAndBoundToIt() throws Exception {
        for (Map.Entry<String, TestCertificates> one :
                Map.of("device", device, "edge", selfMade).entrySet()) {
            AccessToken token = verify(token(send(over(one.getValue()), certificate(one.getKey()), Map.of())), GATEWAY);
            assertThat(token.clientId()).isEqualTo(one.getKey());
            assertThat(token.certificateThumbprint())
                    .contains(CertificatePaths.thumbprint(one.getValue().certificate()));
        }
        assertRefused(send(over(selfMade), certificate("device"), Map.of()), 401, "invalid_client");
        assertRefused(send(over(device), certificate("edge"), Map.of()), 401, "invalid_client");
    }

    @Test
    void tokenWhenACertificateOnlyClaimsToBeAWorkloadThenRefused() throws Exception {
        TestCertificates forged = corporate.issue(
                "CN=x", clock.instant(), new GeneralName(6, "spiffe://postern.local/service/gateway-service"));
        assertRefused(
                send(over(forged), workload("gateway-service", "urn:postern:relay"), Map.of()), 401, "invalid_client");
    }

    @Test
    void tokenWhenAnyCertificateCarriesTheConnectionThenBoundToIt() throws Exception {
        AccessToken token =
                verify(token(send(over(selfMade), as("strict", Map.of("scope", "llm:invoke")), Map.of())), GATEWAY);
        assertThat(token.certificateThumbprint()).contains(CertificatePaths.thumbprint(selfMade.certificate()));
    }

    @Test
    void secretWhenNotSwitchedOnThenRefused() throws Exception {
        Map<String, String> form = Map.of(
                "grant_type", "client_credentials",
                "client_id", "secret",
                "client_secret", "password",
                "scope", "llm:invoke");
        assertRefused(send(external, form, Map.of()), 401, "invalid_client");
    }

    @Test
    void tokenWhenAddressIsNotTheClientsThenRefusedElseInTheToken() throws Exception {
        assertRefused(send(external, as("boxed", Map.of("scope", "llm:invoke")), Map.of()), 400, "unauthorized_client");
        AccessToken token =
                verify(token(send(external, as("local", Map.of("scope", "llm:invoke")), Map.of())), GATEWAY);
        assertThat(token.binding().networks()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "nonsense"})
    void tokenWhenAHeaderClaimsAnAddressThenTheConnectionCounts(String claimed) throws Exception {
        Map<String, String> headers = Map.of("X-Forwarded-For", claimed);
        assertRefused(send(external, as("boxed", Map.of("scope", "llm:invoke")), headers), 400, "unauthorized_client");
        token(send(external, as("local", Map.of("scope", "llm:invoke")), headers));
    }

    @ParameterizedTest
    @CsvSource({
        "topic:publish, urn:postern:gateway, publish",
        "topic:subscribe, urn:postern:gateway, subscribe",
        "llm:invoke, urn:postern:gateway, inference",
        "llm:invoke, urn:postern:relay, session",
        "admin:read, urn:postern:admin, admin"
    })
    void tokenWhenUseFitsAudienceAndScopeThenIssued(String scope, String audience, String use) throws Exception {
        Map<String, String> form = as("strict", Map.of("scope", scope, "resource", audience, "token_use", use));
        String token = token(send(over(selfMade), form, Map.of()));
        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getStringClaim("token_use"))
                .isEqualTo(use);
    }

    @ParameterizedTest
    @CsvSource({
        "llm:invoke, urn:postern:gateway, publish, invalid_scope",
        "topic:publish topic:subscribe, urn:postern:gateway, publish, invalid_scope",
        "admin:read, urn:postern:gateway, inference, invalid_scope",
        "llm:invoke, urn:postern:admin, admin, invalid_scope",
        "admin:read llm:invoke, urn:postern:admin, admin, invalid_scope",
        "admin:read, urn:postern:gateway, admin, invalid_request",
        "llm:invoke, urn:postern:relay, inference, invalid_request",
        "llm:invoke, urn:postern:gateway, session, invalid_request",
        "llm:invoke, urn:postern:gateway, everything, invalid_request",
        "llm:invoke, urn:postern:gateway, capability, invalid_request"
    })
    void tokenWhenPlanesWouldMixThenRefused(String scope, String audience, String use, String error) throws Exception {
        Map<String, String> form = as("strict", Map.of("scope", scope, "resource", audience, "token_use", use));
        assertRefused(send(over(selfMade), form, Map.of()), 400, error);
    }

    @Test
    void tokenWhenIssuedThenCarriesTheClientsClearance() throws Exception {
        AccessToken token =
                verify(token(send(over(selfMade), as("strict", Map.of("scope", "llm:invoke")), Map.of())), GATEWAY);
        assertThat(token.clearance()).hasValue("internal");
    }

    @Test
    void capabilityWhenCountedThenCarriesItsUses() throws Exception {
        Map<String, String> form =
                as("strict", Map.of("scope", "llm:invoke", "token_use", "capability", "uses", "3", "expires_in", "30"));
        AccessToken token = verify(token(send(over(selfMade), form, Map.of())), GATEWAY);
        assertThat(token.use()).isEqualTo(TokenUse.CAPABILITY);
        assertThat(token.uses()).hasValue(3);
        assertThat(token.expiresAt()).isEqualTo(token.issuedAt().plusSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "-1", "1.5", "many"})
    void capabilityWhenUsesAreOutOfBoundsThenRefused(String uses) throws Exception {
        Map<String, String> form = as("strict", Map.of("scope", "llm:invoke", "token_use", "capability", "uses", uses));
        assertRefused(send(over(selfMade), form, Map.of()), 400, "invalid_request");
    }

    @Test
    void detailsWhenWithinTheRegistrationThenInTokenAndAnswer() throws Exception {
        String narrower = "[{\"type\":\"postern_models\",\"models\":[\"simulator-1\"]},"
                + "{\"type\":\"postern_budget\",\"requests\":5}]";
        Map<String, String> form = as("strict", Map.of("scope", "llm:invoke", "authorization_details", narrower));
        HttpResponse<String> response = send(over(selfMade), form, Map.of());
        AccessToken token = verify(token(response), GATEWAY);
        assertThat(token.details()).hasSize(2);
        assertThat(token.mayUseModel("simulator-1")).isTrue();
        assertThat(token.mayUseModel("simulator-2")).isFalse();
        assertThat(response.body()).contains("postern_budget");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"type\":\"postern_models\",\"models\":[\"*\"]}]",
                "[{\"type\":\"postern_models\",\"models\":[\"simulator-1\",\"gpt\"]}]",
                "[{\"type\":\"unknown\"}]",
                "{}",
                "[{\"type\":\"postern_models\",\"type\":\"postern_budget\",\"models\":[\"simulator-1\"]}]"
            })
    void detailsWhenWiderOrUnknownThenRefused(String details) throws Exception {
        Map<String, String> form = as("strict", Map.of("scope", "llm:invoke", "authorization_details", details));
        assertRefused(send(over(selfMade), form, Map.of()), 400, "invalid_authorization_details");
    }

    @Test
    void tokenWhenClientIsDisabledThenRefusedWithinTheBound() throws Exception {
        ClientRegistry registry = service.getBean(ClientRegistry.class);
        ClientRegistration local = registry.find("local").orElseThrow();
        registry.create(new ClientRegistration(
                "leaving", "acme", local.proof(), local.scopes(), local.audiences(), local.policy()));
        Map<String, String> more = Map.of("scope", "llm:invoke");
        Awaitility.await()
                .until(() -> send(external, as("leaving", more), Map.of()).statusCode() == 200);
        registry.update(new ClientRegistration(
                "leaving",
                "acme",
                local.proof(),
                local.scopes(),
                local.audiences(),
                local.policy(),
                Status.DISABLED,
                1));
        Awaitility.await()
                .until(() -> send(external, as("leaving", more), Map.of()).statusCode() == 401);
    }

    @Test
    void keysWhenUnchangedThenNotSentAgain() throws Exception {
        HttpResponse<String> first = get("/oauth2/jwks");
        assertThat(first.headers().firstValue("Cache-Control").orElse("")).contains("max-age=30", "must-revalidate");
        String etag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(get("/oauth2/jwks", Map.of("If-None-Match", etag)).statusCode())
                .isEqualTo(304);
    }

    @Test
    void listenerWhenItsCertificateIsRenewedThenStillTakesAnyCertificate() throws Exception {
        // What the chassis does at each renewal.
        DefaultSslBundleRegistry bundles = service.getBean(DefaultSslBundleRegistry.class);
        bundles.updateBundle("postern", bundles.getBundle("postern"));
        assertThat(send(over(selfMade), certificate("edge"), Map.of()).statusCode())
                .isEqualTo(200);
    }

    private static Map<String, String> certificate(String clientId) {
        return Map.of("grant_type", "client_credentials", "client_id", clientId, "scope", "llm:invoke");
    }
}
