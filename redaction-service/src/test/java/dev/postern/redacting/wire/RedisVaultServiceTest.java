package dev.postern.redacting.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.WorkloadIdentity;
import dev.postern.kms.Wrapped;
import dev.postern.redacting.RedactionServiceApplication;
import dev.postern.redacting.TestPlatform;
import dev.postern.redaction.v1.Reply;
import dev.postern.redaction.v1.Request;
import dev.postern.redis.RedisLink;
import dev.postern.test.RedisForTests;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// The service with its conversations in Redis, and what it does when that goes away.
@SpringBootTest(
        classes = {RedactionServiceApplication.class, TestPlatform.class},
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "postern.redaction.vault=redis")
@DirtiesContext
final class RedisVaultServiceTest {
    private static final WorkloadIdentity RELAY = TestPlatform.identity("inference-relay");
    private static final String CHAT =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"I am Jane Doe\"}]}";
    private static final RedisForTests REDIS = RedisForTests.start();
    private static final String CONVERSATION = "\"conversation\":\"case-7\"}";

    @TempDir
    static Path home;

    @Autowired
    RedactionServer server;

    @Autowired
    RedisLink link;

    @Autowired
    List<Wrapped> wrapped;

    @Autowired
    @Qualifier("pseudonymVaultHealthIndicator")
    HealthIndicator health;

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) throws IOException {
        TestPlatform.alone(registry, home);
        Path password = Files.writeString(home.resolve("redis-password"), RedisForTests.PASSWORD);
        registry.add("postern.redis.host", REDIS::host);
        registry.add("postern.redis.port", REDIS::port);
        registry.add("postern.redis.password-file", password::toString);
        registry.add("postern.redis.timeout", () -> "5s");
    }

    @Test
    void conversationsAreInRedisAndNothingIsRedactedWithoutIt() throws Exception {
        assertThat(home.resolve("data/redaction-service/pseudonym-vault-keys.json"))
                .exists();
        assertThat(wrapped)
                .extracting(each -> each.wrapping().value())
                .contains("pseudonym-vault", "pseudonym-vault-index");
        while (!link.isReachable().toCompletableFuture().join()) {
            Thread.onSpinWait();
        }
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(chat(1));
            String body = relay.reply().getPrompt().getBody().toStringUtf8();
            assertThat(body).doesNotContain("Jane");
            String jane = body.replaceAll("(?s).*(PERSON_\\w{6}).*", "$1");
            String back = "{\"text\":\"" + jane + "\"," + CONVERSATION;
            assertThat(post("/v1/restore", "redaction:restore", back).body())
                    .isEqualTo("{\"text\":\"Jane Doe\",\"unresolved\":0,\"mangled\":0,\"vault\":\"answered\"}");
            assertThat(post("/v1/redact", "redaction:redact", "{\"text\":\"Jane Doe\"," + CONVERSATION)
                            .body())
                    .contains("\"" + jane + "\"");

            REDIS.close();
            while (link.isReachable().toCompletableFuture().join()) {
                Thread.onSpinWait();
            }
            assertThat(health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(health().getDetails()).containsEntry("redis", "away").containsEntry("keys", "fresh");
            relay.send(chat(2));
            Reply refused = relay.reply();
            assertThat(refused.getRefused().getCode()).isEqualTo("vault-unavailable");
            for (String path : List.of("/v1/redact", "/v1/forget")) {
                String asked = path.endsWith("forget") ? "{" + CONVERSATION : "{\"text\":\"x\"," + CONVERSATION;
                HttpResponse<String> answer = post(path, "redaction:redact", asked);
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.body()).contains("\"vault-unavailable\"");
            }
            assertThat(post("/v1/restore", "redaction:restore", back).body())
                    .isEqualTo("{\"text\":\"" + jane + "\",\"unresolved\":1,\"mangled\":0,\"vault\":\"unavailable\"}");
        }
    }

    private Health health() {
        return Objects.requireNonNull(health.health());
    }

    private static Request.Builder chat(long exchange) {
        Request.Builder request = TestRelay.prompt(exchange, CHAT);
        request.getPromptBuilder().setConversation("case-7");
        return request;
    }

    private HttpResponse<String> post(String path, String scope, String body) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TestPlatform.identity("gateway-service").sslContext())
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                    .header("Authorization", "Bearer " + TestPlatform.token("demo", "urn:postern:redaction", scope))
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(20))
                    .POST(BodyPublishers.ofString(body))
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }
}
