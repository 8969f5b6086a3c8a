package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.edge.LiveStream;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.terminal.Failure;
import dev.postern.system.SystemPlatform.Running;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What becomes of access when those who could take it back cannot be heard.
@Order(35)
@ExtendWith(SystemPlatform.class)
class TrustFeedFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String LONG = "on and on ".repeat(400);

    private Running platform;

    /// The fault before may have opened the circuit breaker, which closes again by itself.
    @BeforeEach
    void healthyPlatform(Running running) throws Exception {
        platform = running;
        new Edge(running).awaitServed(running.token(), "healthy");
    }

    @Test
    void feedWhenRedisIsRestartedEmptyThenGoesOnInANewGenerationAndRevokes() throws Exception {
        String token = platform.token();
        double generation = generation();
        try (AdminClient admin = platform.admin();
                LiveStream stream = LiveStream.open(
                        platform.anyone().client(),
                        ChatRequests.bearing(token, platform.chat().streamed(ChatRequests.SLOW, LONG)))) {
            assertThat(stream.awaitAlive(PATIENCE)).isTrue();
            platform.platform().stopRedis();
            platform.platform().startRedis();
            Edge.await("the gateway follows a new generation", () -> generation() > generation && current());
            awaitService();

            var _ = admin.post(
                    "/revocations",
                    Edge.JSON
                            .createObjectNode()
                            .put("kind", "token")
                            .put("value", AuditLog.tokenId(token))
                            .put("reason", "test"));

            assertThat(stream.awaitEnd(PATIENCE)).isTrue();
            assertThat(stream.complete()).isFalse();
        }
    }

    @Test
    void feedWhenRedisIsAwayThenIsReadFromThePublisherAndLiveStreamsGoOn() throws Exception {
        String token = platform.token();
        try (LiveStream stream = LiveStream.open(
                platform.anyone().client(),
                ChatRequests.bearing(token, platform.chat().streamed(ChatRequests.SLOW, LONG)))) {
            assertThat(stream.awaitAlive(PATIENCE)).isTrue();
            platform.platform().stopRedis();
            try {
                double before = snapshots();
                Edge.await("the gateway asks the token-service itself", () -> snapshots() > before + 5);
                long heard = System.nanoTime();
                Edge.await("the stream goes on", () -> stream.lastByteNanos() > heard);
                assertThat(current()).isTrue();
            } finally {
                platform.platform().startRedis();
            }
        }
        awaitService();
    }

    @Test
    void tokensWhenNobodyCanTakeThemBackThen503WithinTheStatedTime() throws Exception {
        String token = platform.token();
        platform.platform().stop(PlatformService.TOKEN);
        try {
            long since = System.nanoTime();
            Edge.await("the gateway refuses what it cannot judge", () -> models(token) == 503);
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(3));
            HttpResponse<String> answer = platform.anyone()
                    .send(ChatRequests.bearing(token, platform.chat().models()));
            assertThat(answer.body()).contains("revocation_unavailable");
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        } finally {
            platform.platform().start(PlatformService.TOKEN);
        }
        Edge.await("the same token is served again", () -> models(token) == 200);
    }

    /// Assertions are single use, so that tokens want Redis as well.
    private void awaitService() throws InterruptedException {
        Edge.await("tokens are issued and served", () -> {
            try {
                return models(platform.token()) == 200;
            } catch (Failure _) {
                return false;
            }
        });
    }

    private int models(String token) throws InterruptedException {
        return platform.anyone()
                .send(ChatRequests.bearing(token, platform.chat().models()))
                .statusCode();
    }

    private double generation() throws InterruptedException {
        return platform.metrics(PlatformService.GATEWAY).sum("postern_trust_generation", "");
    }

    private double snapshots() throws InterruptedException {
        return platform.metrics(PlatformService.GATEWAY).sum("postern_trust_snapshots_total", "");
    }

    private boolean current() throws InterruptedException {
        return platform.metrics(PlatformService.GATEWAY).sum("postern_trust_current", "") == 1;
    }
}
