package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.relay.rig.FakeRedaction;
import dev.postern.relay.server.RelayServer;
import dev.postern.test.RedisForTests;
import dev.postern.trust.OwnTrustFeed;
import dev.postern.trust.TrustFeed;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// The application as it is shipped: its configuration binds, its parts find each other, its management port
/// tells.
@SpringBootTest(classes = RelayApplication.class, webEnvironment = WebEnvironment.DEFINED_PORT)
@Import(RelayApplicationTest.Identity.class)
@SuppressWarnings("NullAway.Init")
class RelayApplicationTest {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final InMemoryAuthority AUTHORITY =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    private static final WorkloadIdentity OPERATOR = AUTHORITY.identityOf(DOMAIN.idOf("operator/cli"));

    @TempDir
    static Path home;

    private static RedisForTests redis;
    private static FakeRedaction redaction;

    @Autowired
    private RelayServer server;

    @LocalManagementPort
    private int managementPort;

    @TestConfiguration(proxyBeanMethods = false)
    static class Identity {
        @Bean(destroyMethod = "close")
        WorkloadIdentity workloadIdentity() {
            return AUTHORITY.identityOf(DOMAIN.idOf("inference-relay"));
        }

        @Bean
        TrustFeed trustFeed(Clock clock) {
            return new OwnTrustFeed(clock);
        }
    }

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) throws Exception {
        redis = RedisForTests.start();
        redaction = new FakeRedaction(AUTHORITY.identityOf(DOMAIN.idOf("redaction-service")), 0);
        Files.createDirectories(home.resolve("data/redis"));
        Files.writeString(home.resolve("data/redis/password"), RedisForTests.PASSWORD);
        registry.add("postern.home", home::toString);
        registry.add("postern.ports.relay", () -> 0);
        registry.add("postern.management-ports.relay", () -> 0);
        registry.add("postern.ports.redis", redis::port);
        registry.add("postern.ports.redaction-grpc", redaction::port);
        registry.add("postern.endpoints.audit", () -> "https://localhost:1");
        registry.add("postern.endpoints.rotation", () -> "https://localhost:1");
    }

    @AfterAll
    static void stop() throws Exception {
        redaction.close();
        redis.close();
    }

    @Test
    void becomesReadyAndTellsSo() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(get(managementPort, "/actuator/health/readiness")
                                .statusCode())
                        .isEqualTo(200));
    }

    @Test
    void servesItsKeyConfigByNetty() throws Exception {
        HttpResponse<String> answer = get(server.port(), "/ssp1/key-config");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"key_config\"").contains("\"challenge\"");
    }

    @Test
    void tellsItsMetrics() throws Exception {
        assertThat(get(managementPort, "/actuator/prometheus").body())
                .contains("postern_sessions_open")
                .contains("postern_frame_open_seconds")
                .contains("postern_replays_rejected_total")
                .contains("postern_frames_rejected_total{reason=\"bad-tag\"")
                .contains("postern_redaction_batch_limit{service=\"inference-relay\",step=\"prompt\"}")
                .contains(
                        "postern_redaction_batch_seconds{service=\"inference-relay\",step=\"answer\",quantile=\"0.99\"}")
                .contains("postern_redaction_queue{service=\"inference-relay\",step=\"answer\"}")
                .contains(
                        "postern_upstream_breaker{service=\"inference-relay\",state=\"closed\",upstream=\"primary\"} 1.0");
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(OPERATOR.sslContext()).build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
