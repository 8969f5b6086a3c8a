package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.policy.PolicyRejected;
import dev.postern.policy.PolicySet;
import dev.postern.sts.client.ClientPolicy;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.ClientRegistration.Status;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.client.RegisteredAuthority;
import dev.postern.sts.clientauth.CertificatePaths;
import dev.postern.sts.policy.PoliciesInForce;
import dev.postern.sts.revocation.Revocations;
import dev.postern.token.AccessToken;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopKey;
import dev.postern.token.TokenUse;
import dev.postern.trust.Revocation.Kind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;

/// What registrations make of tokens: binding, use, details, exchange.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TokenPoliciesTest extends TokenServiceFixture {
    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
    private static final String GATEWAY = "urn:postern:gateway";

    private final TestCertificates corporate = TestCertificates.authority("corp", clock.instant());
    private final TestCertificates device =
            corporate.issue("CN=device", clock.instant(), new GeneralName(6, "urn:device:7"));
    private final TestCertificates selfMade = TestCertificates.selfSigned("edge", clock.instant());
    private final TestClientKey issuerKey = TestClientKey.generate("corp-1");
    private final DpopKey key = DpopKey.generate(random, clock);

    TokenPoliciesTest() throws IOException {}

    @Override
    String clients() {
        String ca = new RegisteredAuthority(corporate.certificate()).toPem().replace("\n", "\\n");
        return """
                [{"client_id":"demo","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke","audit:read"],"audiences":["urn:postern:gateway","urn:postern:audit"],
                  "bindings":["dpop","mtls","bearer"],"exchange":{"allowed":true}},
                 {"client_id":"strict","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke","topic:publish","topic:subscribe","admin:read"],
                  "audiences":["urn:postern:gateway","urn:postern:relay","urn:postern:admin"],
                  "roles":["analyst"],"token_lifetime_s":120,"exchange":{"allowed":true},
                  "authorization_details":[{"type":"postern_models","models":["simulator-*"]}]},
                 {"client_id":"agent","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"bindings":["dpop","bearer"],
                  "sensitivity_clearance":"restricted",
                  "exchange":{"allowed":true,"subjects":["demo"],"issuers":["corp"]}},
                 {"client_id":"stranger","tenant":"other","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"bindings":["bearer"],
                  "exchange":{"allowed":true,"subjects":["demo"],"issuers":["corp"]}},
                 {"client_id":"boxed","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"bindings":["bearer"],
                  "networks":["10.0.0.0/8"]},
                 {"client_id":"local","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"bindings":["bearer"],
                  "networks":["127.0.0.0/8","::1"]},
                 {"client_id":"device","tenant":"acme","auth":"tls_client_auth",
                  "certificate":{"ca":"%2$s","san_uri":"urn:device:7"},
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"]},
                 {"client_id":"edge","tenant":"acme","auth":"self_signed_tls_client_auth",
                  "certificate":{"x5t#S256":["%3$s"]},
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"]},
                 {"client_id":"secret","tenant":"acme","auth":"client_secret_basic",
                  "secret_hash":"$2a$04$abcdefghijklmnopqrstuuZmHJIIBTWnEfoXiKUjGAmVhTJKvZJmy",
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"bindings":["bearer"]}]
                """.formatted(demoKey.jwks(), ca, CertificatePaths.thumbprint(selfMade.certificate()));
    }

    @Override
    Map<String, Object> more() {
        String issuer = "postern.sts.exchange.issuers[0].";
        return Map.of(
                // Where Boot would believe a proxy about the caller's address, were it not told otherwise.
                "spring.main.cloud-platform",
                "kubernetes",
                issuer + "name",
                "corp",
                issuer + "issuer",
                "https://login.corp.example",
                issuer + "type",
                "oidc",
                issuer + "jwks",
                issuerKey.jwks(),
                issuer + "audience",
                ISSUER,
                issuer + "scopes",
                "llm:invoke",
                issuer + "audiences",
                GATEWAY,
                issuer + "tenant",
                "acme");
    }

    /// A role that the policy set does not know grants nothing.
    @BeforeAll
    void publishRole() throws PolicyRejected {
        PolicySet set = PolicySet.parse("""
                {"roles":{"analyst":{"scopes":["llm:invoke","topic:publish","topic:subscribe","admin:read"],
                                     "models":["simulator-*"],"topics":["*"]}},
                 "rules":[{"id":"allow-all","effect":"allow","when":"true"}]}
                """);
        assertThat(service.getBean(PoliciesInForce.class).publish(1, set, false, "test"))
                .isPresent();
    }

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
    void exchangeWhenOwnTokenThenNarrowerInTheSameSession() throws Exception {
        String subject = token(send(external, as("demo", Map.of("scope", "llm:invoke audit:read")), Map.of()));
        HttpResponse<String> response = exchange(external, "demo", subject, Map.of("scope", "llm:invoke"));
        AccessToken before = verify(subject, GATEWAY);
        AccessToken after = verify(token(response), GATEWAY);

        assertThat(after.scopes()).isEqualTo(Set.of("llm:invoke"));
        assertThat(after.sessionId()).isEqualTo(before.sessionId());
        assertThat(after.tokenId()).isNotEqualTo(before.tokenId());
        assertThat(before.sessionId()).as("the token that began it").isEqualTo(before.tokenId());
        assertThat(after.expiresAt()).isBeforeOrEqualTo(before.expiresAt());
        assertThat(after.actors()).isEmpty();
        assertThat(JSONObjectUtils.parse(response.body())).containsEntry("issued_token_type", ACCESS_TOKEN);
    }

    @Test
    void exchangeWhenWiderThenRefused() throws Exception {
        String subject = token(send(external, as("demo", Map.of("scope", "llm:invoke")), Map.of()));
        assertRefused(exchange(external, "demo", subject, Map.of("scope", "audit:read")), 400, "invalid_scope");
        assertRefused(
                exchange(external, "demo", subject, Map.of("scope", "llm:invoke", "audience", "urn:postern:audit")),
                400,
                "invalid_target");
        Map<String, String> longer = Map.of("scope", "llm:invoke", "expires_in", "3600");
        assertThat(verify(token(exchange(external, "demo", subject, longer)), GATEWAY)
                        .expiresAt())
                .isBeforeOrEqualTo(verify(subject, GATEWAY).expiresAt());
        String narrowed = token(send(
                external,
                as(
                        "demo",
                        Map.of(
                                "scope",
                                "llm:invoke",
                                "authorization_details",
                                "[{\"type\":\"postern_models\",\"models\":[\"a\"]}]")),
                Map.of()));
        assertRefused(
                exchange(
                        external,
                        "demo",
                        narrowed,
                        Map.of(
                                "scope",
                                "llm:invoke",
                                "authorization_details",
                                "[{\"type\":\"postern_models\",\"models\":[\"b\"]}]")),
                400,
                "invalid_authorization_details");
        assertThat(verify(token(exchange(external, "demo", narrowed, Map.of("scope", "llm:invoke"))), GATEWAY)
                        .mayUseModel("b"))
                .as("inherited when nothing is asked")
                .isFalse();
    }

    @Test
    void exchangeWhenEntrustedThenActsForTheSubject() throws Exception {
        String subject = token(send(external, as("demo", Map.of("scope", "llm:invoke")), Map.of()));
        AccessToken token = verify(token(exchange(external, "agent", subject, Map.of("scope", "llm:invoke"))), GATEWAY);
        assertThat(token.subject()).isEqualTo("demo");
        assertThat(token.clientId()).isEqualTo("agent");
        assertThat(token.actors()).containsExactly("agent");
    }

    @Test
    void exchangeWhenTheActorIsClearedForMoreThenTheTokenIsNot() throws Exception {
        String own = token(send(external, as("agent", Map.of("scope", "llm:invoke")), Map.of()));
        assertThat(verify(own, GATEWAY).clearance()).hasValue("restricted");
        String subject = token(send(external, as("demo", Map.of("scope", "llm:invoke")), Map.of()));
        assertThat(verify(token(exchange(external, "agent", subject, Map.of("scope", "llm:invoke"))), GATEWAY)
                        .clearance())
                .hasValue("internal");
    }

    @Test
    void exchangeWhenByTheServiceATokenIsMadeForThenItActsForTheSubject() throws Exception {
        ClientRegistry registry = service.getBean(ClientRegistry.class);
        ClientRegistration before = registry.find("gateway-service").orElseThrow();
        ClientPolicy standard = ClientPolicy.DEFAULT;
        ClientRegistration receiver = new ClientRegistration(
                before.clientId(),
                before.tenant(),
                before.proof(),
                Set.of("llm:delegate", "llm:invoke"),
                before.audiences(),
                new ClientPolicy(
                        standard.bindings(),
                        List.of(),
                        Set.of(),
                        standard.tokenLifetime(),
                        new ClientPolicy.Exchange(true, Set.of(), Set.of()),
                        List.of(),
                        standard.sensitivityClearance()),
                before.status(),
                before.version());
        assertThat(registry.update(receiver)).isPresent();
        HttpClient gatewayService = client(gateway.sslContext());
        String subject = token(send(external, as("local", Map.of("scope", "llm:invoke")), Map.of()));
        Map<String, String> form = new LinkedHashMap<>(workload("gateway-service", "urn:postern:relay"));
        form.putAll(Map.of(
                "grant_type", EXCHANGE,
                "subject_token", subject,
                "subject_token_type", ACCESS_TOKEN,
                "scope", "llm:invoke"));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> send(gatewayService, form, Map.of()).statusCode() == 200);
        AccessToken token = verify(token(send(gatewayService, form, Map.of())), "urn:postern:relay");
        assertThat(token.subject()).isEqualTo("local");
        assertThat(token.tenant()).isEqualTo("acme");
        assertThat(token.actors()).containsExactly("gateway-service");
        assertThat(token.sessionId()).isEqualTo(verify(subject, GATEWAY).sessionId());
        assertThat(token.binding().networks()).as("checked by the receiver").isEmpty();
        form.put(
                "subject_token",
                token(send(
                        external,
                        as("demo", Map.of("scope", "audit:read", "resource", "urn:postern:audit")),
                        Map.of())));
        assertRefused(send(gatewayService, form, Map.of()), 400, "unauthorized_client");
    }

    @Test
    void exchangeWhenTheTokenIsRevokedThenRefused() throws Exception {
        String subject = token(send(external, as("demo", Map.of("scope", "llm:invoke")), Map.of()));
        token(exchange(external, "demo", subject, Map.of("scope", "llm:invoke")));
        service.getBean(Revocations.class)
                .revoke(Kind.TOKEN, verify(subject, GATEWAY).tokenId(), "test", "test");
        assertRefused(exchange(external, "demo", subject, Map.of("scope", "llm:invoke")), 400, "invalid_request");
    }

    @Test
    void exchangeWhenNotEntrustedOrOfAnotherTenantThenRefused() throws Exception {
        String agents = token(send(external, as("agent", Map.of("scope", "llm:invoke")), Map.of()));
        assertRefused(exchange(external, "demo", agents, Map.of("scope", "llm:invoke")), 400, "unauthorized_client");
        String demos = token(send(external, as("demo", Map.of("scope", "llm:invoke")), Map.of()));
        assertRefused(exchange(external, "stranger", demos, Map.of("scope", "llm:invoke")), 400, "unauthorized_client");
        assertRefused(exchange(external, "local", demos, Map.of("scope", "llm:invoke")), 400, "unauthorized_client");
    }

    @Test
    void exchangeWhenStolenThenUselessWithoutWhatItIsBoundTo() throws Exception {
        String subject = token(send(over(selfMade), as("strict", Map.of("scope", "llm:invoke")), Map.of()));
        assertRefused(exchange(external, "strict", subject, Map.of("scope", "llm:invoke")), 400, "invalid_request");
        assertRefused(exchange(over(device), "strict", subject, Map.of("scope", "llm:invoke")), 400, "invalid_request");
        assertThat(verify(token(exchange(over(selfMade), "strict", subject, Map.of("scope", "llm:invoke"))), GATEWAY)
                        .isBound())
                .isTrue();
    }

    @Test
    void exchangeWhenAdministrationOrCapabilityThenRefused() throws Exception {
        HttpClient http = over(selfMade);
        String admin = token(
                send(http, as("strict", Map.of("scope", "admin:read", "resource", "urn:postern:admin")), Map.of()));
        assertRefused(exchange(http, "strict", admin, Map.of("scope", "admin:read")), 400, "invalid_request");
        String capability = token(send(
                http, as("strict", Map.of("scope", "llm:invoke", "token_use", "capability", "uses", "1")), Map.of()));
        assertRefused(exchange(http, "strict", capability, Map.of("scope", "llm:invoke")), 400, "invalid_request");
    }

    @Test
    void exchangeWhenPublisherThenNeverReadsOrInfers() throws Exception {
        HttpClient http = over(selfMade);
        String publisher =
                token(send(http, as("strict", Map.of("scope", "topic:publish", "token_use", "publish")), Map.of()));
        assertThat(verify(token(exchange(http, "strict", publisher, Map.of("scope", "topic:publish"))), GATEWAY)
                        .use())
                .isEqualTo(TokenUse.PUBLISH);
        Map<String, String> inference = Map.of("scope", "topic:publish", "token_use", "inference");
        assertRefused(exchange(http, "strict", publisher, inference), 400, "invalid_request");
    }

    @Test
    void exchangeWhenForeignIssuerIsListedThenForItsSubject() throws Exception {
        String foreign = issuerKey.sign(foreign());
        Map<String, String> form = Map.of("scope", "llm:invoke", "subject_token_type", JWT);
        AccessToken token = verify(token(exchange(external, "agent", foreign, form)), GATEWAY);
        assertThat(token.subject()).isEqualTo("corp/alice");
        assertThat(token.actors()).containsExactly("agent");
        assertThat(token.expiresAt()).isBeforeOrEqualTo(clock.instant().plusSeconds(61));
        assertRefused(exchange(external, "demo", foreign, form), 400, "unauthorized_client");
        assertRefused(exchange(external, "stranger", foreign, form), 400, "unauthorized_client");
        Map<String, String> wider = Map.of("scope", "audit:read", "subject_token_type", JWT);
        assertRefused(exchange(external, "agent", foreign, wider), 400, "invalid_scope");
    }

    @Test
    void exchangeWhenSubjectTokenIsNoTokenThenRefused() throws Exception {
        Map<String, String> form = Map.of("scope", "llm:invoke");
        assertRefused(exchange(external, "demo", "not.a.token", form), 400, "invalid_request");
        assertRefused(exchange(external, "demo", issuerKey.sign(foreign()), form), 400, "invalid_request");
        String own = token(send(external, as("demo", Map.of("scope", "llm:invoke")), Map.of()));
        Map<String, String> asForeign = Map.of("scope", "llm:invoke", "subject_token_type", JWT);
        assertRefused(exchange(external, "agent", own, asForeign), 400, "invalid_request");
        Map<String, String> actor = Map.of("scope", "llm:invoke", "actor_token", own, "actor_token_type", ACCESS_TOKEN);
        assertRefused(exchange(external, "demo", own, actor), 400, "invalid_request");
        Map<String, String> saml =
                Map.of("scope", "llm:invoke", "requested_token_type", "urn:ietf:params:oauth:token-type:saml2");
        assertRefused(exchange(external, "demo", own, saml), 400, "invalid_request");
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

    private JWTClaimsSet.Builder foreign() {
        return new JWTClaimsSet.Builder()
                .issuer("https://login.corp.example")
                .subject("alice")
                .audience(ISSUER)
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plusSeconds(60)));
    }

    private Map<String, String> as(String clientId, Map<String, String> more) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("demo-1")
                .type(JOSEObjectType.JWT)
                .build();
        Map<String, String> form = new LinkedHashMap<>(
                authenticated(demoKey.sign(header, TestClientKey.claims(clientId, ISSUER, clock.instant()))));
        form.remove("client_id");
        form.putAll(more);
        return form;
    }

    private static Map<String, String> certificate(String clientId) {
        return Map.of("grant_type", "client_credentials", "client_id", clientId, "scope", "llm:invoke");
    }

    private HttpResponse<String> exchange(HttpClient http, String clientId, String subject, Map<String, String> more)
            throws IOException, InterruptedException {
        Map<String, String> form = as(clientId, Map.of());
        form.put("grant_type", EXCHANGE);
        form.put("subject_token", subject);
        form.put("subject_token_type", ACCESS_TOKEN);
        form.putAll(more);
        return send(http, form, Map.of());
    }

    private HttpResponse<String> send(HttpClient http, Map<String, String> form, Map<String, String> headers)
            throws IOException, InterruptedException {
        return post(http, form, headers);
    }

    private HttpClient over(TestCertificates certificate) {
        return client(certificate.tls(own.trustManager()));
    }
}
