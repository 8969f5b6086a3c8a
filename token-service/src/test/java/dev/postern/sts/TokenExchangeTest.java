package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.postern.sts.client.ClientPolicy;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.revocation.Revocations;
import dev.postern.token.AccessToken;
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
import org.junit.jupiter.api.Test;

/// Whose token is exchanged by whom, and that what comes of it is never wider.
final class TokenExchangeTest extends TokenPoliciesFixture {
    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

    TokenExchangeTest() throws IOException {}

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

    private JWTClaimsSet.Builder foreign() {
        return new JWTClaimsSet.Builder()
                .issuer("https://login.corp.example")
                .subject("alice")
                .audience(ISSUER)
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plusSeconds(60)));
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
}
