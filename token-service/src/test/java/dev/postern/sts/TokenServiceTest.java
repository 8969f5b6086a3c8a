package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.audit.AuditTrail;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.token.AccessToken;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopKey;
import dev.postern.token.KeyDirectory;
import dev.postern.token.TokenRejected;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients get, and what they do not.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TokenServiceTest extends TokenServiceFixture {
    TokenServiceTest() throws IOException {}

    @Test
    void tokenWhenAssertionIsGoodThenIssuedAsAgreed() throws Exception {
        HttpResponse<String> response = ask(external, assertion(), Map.of("scope", "llm:invoke"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        Map<String, Object> answer = JSONObjectUtils.parse(response.body());
        assertThat(answer).containsEntry("token_type", "Bearer").containsEntry("scope", "llm:invoke");
        assertThat(((Number) answer.getOrDefault("expires_in", 0)).intValue()).isBetween(299, 300);
        SignedJWT jwt = SignedJWT.parse(token(response));
        assertThat(jwt.getHeader().getType()).hasToString("at+jwt");
        assertThat(jwt.getHeader().getAlgorithm()).hasToString("ES256");
        AccessToken token = verify(token(response), "urn:postern:gateway");
        assertThat(token.clientId()).isEqualTo("demo");
        assertThat(token.subject()).isEqualTo("demo");
        assertThat(token.tenant()).isEqualTo("acme");
        assertThat(token.scopes()).isEqualTo(Set.of("llm:invoke"));
        assertThat(token.audience()).isEqualTo(Set.of("urn:postern:gateway"));
        assertThat(Duration.between(token.issuedAt(), token.expiresAt())).isEqualTo(Duration.ofMinutes(5));
        assertThat(token.isBound()).isFalse();
    }

    @Test
    void tokenWhenIssuedThenRecordedWithoutTheToken() throws Exception {
        String token = token(ask(external, assertion(), Map.of("scope", "llm:invoke")));
        String tokenId = SignedJWT.parse(token).getJWTClaimsSet().getJWTID();

        String batch = rotation.auditBatches().poll(20, TimeUnit.SECONDS);
        for (int other = 0; other < 50 && batch != null && !batch.contains(tokenId); other++) {
            batch = rotation.auditBatches().poll(20, TimeUnit.SECONDS);
        }
        assertThat(batch).contains("dev.postern.token.issued").doesNotContain(token);
    }

    @Test
    void tokenWhenResourceIsNamedThenThatAudience() throws Exception {
        Map<String, String> form = Map.of("scope", "llm:invoke", "resource", "urn:postern:relay");
        assertThat(verify(token(ask(external, assertion(), form)), "urn:postern:relay")
                        .audience())
                .isEqualTo(Set.of("urn:postern:relay"));
    }

    @ParameterizedTest
    @CsvSource({
        "llm:delegate, urn:postern:gateway, invalid_scope",
        "llm:invoke llm:delegate, urn:postern:gateway, invalid_scope",
        "'', urn:postern:gateway, invalid_scope",
        "llm:invoke, urn:postern:audit, invalid_target",
        "llm:invoke, https://evil.example, invalid_target"
    })
    void tokenWhenMoreIsAskedThanRegisteredThenRefused(String scope, String resource, String error) throws Exception {
        assertRefused(ask(external, assertion(), Map.of("scope", scope, "resource", resource)), 400, error);
    }

    @Test
    void tokenWhenAssertionIsForTheEndpointThenRefused() throws Exception {
        String assertion = demoKey.sign(TestClientKey.claims("demo", TARGET, clock.instant()));
        assertRefused(ask(external, assertion, Map.of("scope", "llm:invoke")), 401, "invalid_client");
    }

    @Test
    void tokenWhenAssertionIsReplayedThenRefused() throws Exception {
        String assertion = assertion();
        assertThat(ask(external, assertion, Map.of("scope", "llm:invoke")).statusCode())
                .isEqualTo(200);
        assertRefused(ask(external, assertion, Map.of("scope", "llm:invoke")), 401, "invalid_client");
    }

    @Test
    void tokenWhenAssertionIsForgedThenRefused() throws Exception {
        String forged = TestClientKey.generate("demo-1").sign(TestClientKey.claims("demo", ISSUER, clock.instant()));
        assertRefused(ask(external, forged, Map.of("scope", "llm:invoke")), 401, "invalid_client");
    }

    @Test
    void tokenWhenNobodyIsAuthenticatedThenRefused() throws Exception {
        assertRefused(post(external, Map.of("grant_type", "client_credentials"), Map.of()), 401, "invalid_client");
        Map<String, String> secret =
                Map.of("grant_type", "client_credentials", "client_id", "demo", "client_secret", "guess");
        assertRefused(post(external, secret, Map.of()), 401, "invalid_client");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"authorization_code", "refresh_token", "password", "urn:ietf:params:oauth:grant-type:device_code"
            })
    void tokenWhenOtherGrantThenUnsupported(String grant) throws Exception {
        Map<String, String> form = new LinkedHashMap<>(authenticated(assertion()));
        form.put("grant_type", grant);
        assertRefused(post(external, form, Map.of()), 400, "unsupported_grant_type");
    }

    @Test
    void tokenWhenWorkloadCertificateIsTheClientsThenIssued() throws Exception {
        HttpResponse<String> response =
                post(client(gateway.sslContext()), workload("gateway-service", "urn:postern:relay"), Map.of());
        AccessToken token = verify(token(response), "urn:postern:relay");
        assertThat(token.clientId()).isEqualTo("gateway-service");
        assertThat(token.scopes()).isEqualTo(Set.of("llm:delegate"));
    }

    @Test
    void tokenWhenWorkloadCertificateIsAnothersThenRefused() throws Exception {
        Map<String, String> form = workload("gateway-service", "urn:postern:relay");
        assertRefused(post(client(relay.sslContext()), form, Map.of()), 401, "invalid_client");
        assertRefused(post(external, form, Map.of()), 401, "invalid_client");
        // A client that signs assertions cannot be entered by a certificate.
        assertRefused(
                post(client(gateway.sslContext()), workload("demo", "urn:postern:gateway"), Map.of()),
                401,
                "invalid_client");
    }

    @Test
    void tokenWhenDefaultAudienceIsNotTheClientsThenRefused() throws Exception {
        Map<String, String> form = new LinkedHashMap<>(workload("gateway-service", ""));
        form.remove("resource");
        assertRefused(post(client(gateway.sslContext()), form, Map.of()), 400, "invalid_target");
    }

    @Test
    void tokenWhenProofIsSentThenBoundToItsKey() throws Exception {
        DpopKey key = DpopKey.generate(random, clock);
        Map<String, String> form = workload("gateway-service", "urn:postern:relay");
        String proof = key.prove(DpopExpectation.of("POST", TARGET));
        HttpResponse<String> response = post(client(gateway.sslContext()), form, Map.of("DPoP", proof));

        assertThat(JSONObjectUtils.parse(response.body())).containsEntry("token_type", "DPoP");
        assertThat(verify(token(response), "urn:postern:relay").dpopThumbprint())
                .contains(key.thumbprint());
        assertRefused(post(client(gateway.sslContext()), form, Map.of("DPoP", proof)), 400, "invalid_dpop_proof");
    }

    @ParameterizedTest
    @CsvSource({"POST, https://evil.example/oauth2/token", "GET, https://localhost:8543/oauth2/token"})
    void tokenWhenProofIsForAnotherRequestThenRefused(String method, String target) throws Exception {
        String proof = DpopKey.generate(random, clock).prove(DpopExpectation.of(method, target));
        HttpResponse<String> response = post(
                client(gateway.sslContext()), workload("gateway-service", "urn:postern:relay"), Map.of("DPoP", proof));
        assertRefused(response, 400, "invalid_dpop_proof");
    }

    @Test
    void tokenWhenParametersAreInTheQueryThenRefused() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(address("/oauth2/token?scope=llm:invoke"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(authenticated(assertion()))))
                .build();
        assertRefused(external.send(request, BodyHandlers.ofString()), 400, "invalid_request");
    }

    @Test
    void tokenWhenFormIsHugeThenTooLarge() throws Exception {
        HttpResponse<String> response =
                post(external, Map.of("grant_type", "client_credentials", "pad", "x".repeat(70_000)), Map.of());
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    @Test
    void tokenWhenHostIsSpoofedThenIssuerIsUnchanged() throws Exception {
        Map<String, String> form = new LinkedHashMap<>(authenticated(assertion()));
        form.put("scope", "llm:invoke");
        String body = form(form);
        String request = "POST /oauth2/token HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
        String response = raw(request);
        assertThat(response).startsWith("HTTP/1.1 200").doesNotContain("evil.example");
        String token = response.replaceAll("(?s).*\"access_token\":\"([^\"]+)\".*", "$1");
        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getIssuer()).isEqualTo(ISSUER);
        String metadata = "GET /.well-known/oauth-authorization-server HTTP/1.1";
        assertThat(raw(String.join("\r\n", metadata, "Host: evil.example", "Connection: close", "", "")))
                .contains("\"issuer\":\"" + ISSUER + "\"")
                .doesNotContain("evil.example");
    }

    @Test
    void metricsWhenIssuedAndRefusedThenCounted() throws Exception {
        MeterRegistry registry = service.getBean(MeterRegistry.class);
        token(ask(external, assertion(), Map.of("scope", "llm:invoke")));
        ask(external, assertion(), Map.of("scope", "llm:delegate"));
        assertThat(registry.get("postern.tokens.issued")
                        .tag("binding", "none")
                        .counter()
                        .count())
                .isPositive();
        assertThat(registry.get("postern.tokens.refused")
                        .tag("reason", "invalid_scope")
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    void metadataWhenReadThenOnlyWhatExists() throws Exception {
        Map<String, Object> metadata = JSONObjectUtils.parse(
                get("/.well-known/oauth-authorization-server").body());
        assertThat(metadata)
                .containsEntry("issuer", ISSUER)
                .containsEntry("token_endpoint", TARGET)
                .containsEntry(
                        "grant_types_supported",
                        List.of("client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"))
                .doesNotContainKeys("authorization_endpoint", "registration_endpoint");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/login",
                "/oauth2/token",
                "/oauth2/authorize",
                "/oauth2/introspect",
                "/oauth2/revoke",
                "/oauth2/device_authorization",
                "/connect/register",
                "/.well-known/openid-configuration",
                "/actuator/health",
                "/h2-console"
            })
    void anythingElseWhenAskedThenNotFound(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    @Test
    void readinessWhenAKeyIsActiveThenUpForOperatorAndMonitorOnly() throws Exception {
        int port = Integer.parseInt(String.valueOf(service.getEnvironment().getProperty("local.management.port")));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + port + "/actuator/health/readiness"))
                .build();
        assertThat(client(gateway.sslContext())
                        .send(request, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(403);
        try (WorkloadIdentity monitor = authority.identityOf(domain.idOf("operator/monitor"))) {
            HttpResponse<String> response = client(monitor.sslContext()).send(request, BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("UP");
        }
        assertThatIOException().isThrownBy(() -> external.send(request, BodyHandlers.ofString()));
        HttpClient stranger =
                client(TestCertificates.selfSigned("stranger", clock.instant()).tls(own.trustManager()));
        assertThatIOException().isThrownBy(() -> stranger.send(request, BodyHandlers.ofString()));
    }

    @Test
    void rotationWhenSpareBecomesActiveThenNextTokenIsItsAndTheOldOneStillVerifies() throws Exception {
        String before = token(ask(external, assertion(), Map.of("scope", "llm:invoke")));
        String spare = rotation.kids("PREPARED").getFirst();
        CountDownLatch replaced = new CountDownLatch(1);
        service.getBean(KeyDirectory.class).onChange(snapshot -> {
            // The spare is in use and the next one stands ready.
            if (snapshot.keys().size() >= 3) {
                replaced.countDown();
            }
        });
        rotation.rotate();
        assertThat(replaced.await(20, TimeUnit.SECONDS)).isTrue();

        String after = token(ask(external, assertion(), Map.of("scope", "llm:invoke")));
        assertThat(verify(after, "urn:postern:gateway").keyId()).isEqualTo(spare);
        assertThat(verify(before, "urn:postern:gateway").keyId()).isNotEqualTo(spare);
        JWKSet published = JWKSet.parse(get("/oauth2/jwks").body());
        assertThat(published.getKeys()).hasSize(3).noneMatch(key -> key.isPrivate());
        assertThat(rotation.kids("PREPARED")).hasSize(1);
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void compromiseWhenSigningKeyIsDeniedThenSpareSignsKidIsRevokedAndItsEndIsReported() throws Exception {
        String before = token(ask(external, assertion(), Map.of("scope", "llm:invoke")));
        String denied = rotation.kids("ACTIVE").getFirst();
        String spare = rotation.kids("PREPARED").getFirst();
        rotation.compromise();
        String ended = rotation.ended().poll(20, TimeUnit.SECONDS);
        assertThat(ended).startsWith(denied + " ").contains("\"sessions\":0");

        String after = token(ask(external, assertion(), Map.of("scope", "llm:invoke")));
        assertThat(verify(after, "urn:postern:gateway").keyId()).isEqualTo(spare);
        assertThatThrownBy(() -> verify(before, "urn:postern:gateway")).isInstanceOf(TokenRejected.class);
        assertThat(get("/oauth2/jwks").body()).contains(spare).doesNotContain(denied);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void tokenWhenItsIssueCannotBeRecordedThenUnavailable() throws Exception {
        service.getBean(AuditTrail.class).close();
        HttpResponse<String> response = ask(external, assertion(), Map.of("scope", "llm:invoke"));
        assertRefused(response, 503, "temporarily_unavailable");
    }
}
