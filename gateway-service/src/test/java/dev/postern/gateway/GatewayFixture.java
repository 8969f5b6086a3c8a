package dev.postern.gateway;

import dev.postern.gateway.platform.FakeRelay;
import dev.postern.gateway.platform.FakeStream;
import dev.postern.gateway.platform.Platform;
import dev.postern.gateway.platform.Tokens;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.TokenUse;
import dev.postern.token.VerifierSettings;
import dev.postern.trust.TrustFeed;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A gateway on the real TLS stack among fake neighbours that speak the real protocols.
@SpringBootTest(
        classes = {GatewayApplication.class, GatewayFixture.Neighbours.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.tokens.follow-directory=false",
            "postern.gateway.public-url=https://gateway.test",
            "postern.audit.spool-directory=${postern.data-directory}/audit-spool-${random.uuid}",
            "postern.gateway.edge.body-limit=64KB",
            "postern.gateway.relay.session-wait=2s",
            "postern.gateway.relay.deadline=3s",
            "management.server.port=0"
        })
abstract class GatewayFixture {
    static final Platform PLATFORM = new Platform();
    static final String CHAT = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    static final String STREAMED_CHAT = "{\"model\":\"m\",\"stream\":true,\"messages\":[]}";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    final HttpClient client = HttpClient.newBuilder()
            .sslContext(PLATFORM.clientTls())
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    @LocalServerPort
    int port;

    @Autowired
    MeterRegistry meters;

    @TestConfiguration(proxyBeanMethods = false)
    static class Neighbours {
        /// The platform's, which outlives each context.
        @Bean(destroyMethod = "")
        WorkloadIdentity workloadIdentity() {
            return PLATFORM.gateway();
        }

        @Bean
        AccessTokenVerifier accessTokenVerifier(Clock clock) {
            return new AccessTokenVerifier(
                    new VerifierSettings(Tokens.ISSUER, "urn:postern:gateway", TokenUse.DATA_PLANE, Duration.ZERO),
                    PLATFORM.tokens(),
                    PLATFORM.feed(),
                    clock);
        }

        @Bean
        TrustFeed trustFeed() {
            return PLATFORM.feed();
        }
    }

    @DynamicPropertySource
    static void endpoints(DynamicPropertyRegistry properties) {
        properties.add("postern.home", () -> PLATFORM.home().toString());
        properties.add("postern.redis.host", () -> PLATFORM.redis().host());
        properties.add("postern.redis.port", () -> PLATFORM.redis().port());
        properties.add("postern.endpoints.relay", () -> "https://localhost:" + PLATFORM.relayPort());
        properties.add("postern.endpoints.token", () -> "https://localhost:" + PLATFORM.tokenPort());
        properties.add("postern.endpoints.audit", () -> "https://localhost:" + PLATFORM.auditPort());
    }

    static FakeRelay relay() {
        return PLATFORM.relay();
    }

    static void model(Consumer<FakeStream> model) {
        relay().model(model);
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json");
    }

    HttpRequest.Builder authorized(String path) {
        return to(path).header("Authorization", "Bearer " + PLATFORM.tokens().good());
    }

    HttpRequest.Builder chat(String body) {
        return authorized("/v1/chat/completions").POST(BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }
}
