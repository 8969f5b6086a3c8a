package dev.postern.relay.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.postern.policy.Containment;
import dev.postern.policy.PolicyInForce;
import dev.postern.policy.PolicySet;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.ContainmentOrder;
import dev.postern.policy.anomaly.Containments;
import dev.postern.policy.anomaly.Origin;
import dev.postern.relay.request.Caller;
import dev.postern.session.DropReason;
import dev.postern.test.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ContainmentsTest {

    private static final Containment SPIKE = new Containment("spike", Containment.Action.REVOKE_SESSION);

    private final MutableClock clock = MutableClock.atNoon();
    private final Behaviours behaviours = new Behaviours(10);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> happened = new ArrayList<>();

    @Test
    void forgedFramesAreContainedOnce() {
        behaviours.onObservation(new Containments(
                facts -> facts.anomaly().aeadFailures() >= 0.95 ? Optional.of(SPIKE) : Optional.empty(),
                new SessionMeasures(
                        _ -> happened.add("recorded"),
                        which -> happened.add(
                                "ended " + which.test(caller("session-1", "x")) + which.test(caller("session-2", "x"))),
                        order -> happened.add("reported " + order.incident())),
                new AnomalyMeters(meters)::contained,
                Runnable::run,
                () -> "incident",
                clock));
        FrameFailures failures = new FrameFailures(behaviours, clock);
        for (int i = 0; i < 300; i++) {
            failures.accept(DropReason.BAD_TAG, caller("session-1", "llm:invoke"));
        }
        assertThat(happened).containsExactly("recorded", "ended truefalse", "reported incident");
    }

    @Test
    void policiesThatCannotBeUsedAreCounted() {
        PolicyInForce policy = new PolicyInForce(Runnable::run);
        new AnomalyMeters(meters).follow(policy);

        policy.publish(1, PolicySet.DEFAULT_JSON);
        policy.publish(2, "{");

        assertThat(meters.get("postern.policy.epoch").gauge().value()).isEqualTo(1);
        assertThat(meters.get("postern.policy.refused").functionCounter().count())
                .isEqualTo(1);
    }

    @Test
    void delegatingSessionsAndLateChunksAreNobodysBehaviour() {
        FrameFailures failures = new FrameFailures(behaviours, clock);
        for (int i = 0; i < 300; i++) {
            failures.accept(DropReason.BAD_TAG, caller("session-1", Caller.DELEGATE));
            failures.accept(DropReason.STREAM_ENDED, caller("session-1", "llm:invoke"));
        }
        assertThat(behaviours.scores("demo", "reports", clock.millis()).score()).isZero();
        for (int i = 0; i < 300; i++) {
            failures.accept(DropReason.DUPLICATE, caller("session-1", "llm:invoke"));
        }
        assertThat(behaviours.scores("demo", "reports", clock.millis()).sequenceGaps())
                .isGreaterThan(0.99);
    }

    @Test
    void orderIsRepeatedUntilItIsTakenAndNotWhenItIsRefused() throws IOException, InterruptedException {
        BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
        AtomicInteger answers = new AtomicInteger();
        int[] statuses = {503, 503, 200, 400};
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/containments", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(statuses[answers.getAndIncrement()], -1);
            exchange.close();
            arrived.add(body);
        });
        server.start();
        ScheduledExecutorService pauses = Executors.newSingleThreadScheduledExecutor();
        URI base = URI.create("http://localhost:" + server.getAddress().getPort());
        try (ContainmentReports reports =
                new ContainmentReports(HttpClient.newHttpClient(), base, pauses, new AnomalyMeters(meters))) {
            ContainmentOrder order =
                    new ContainmentOrder("i-1", new Origin("demo", "reports", "session-1", "token-1"), SPIKE, 0.97);
            assertThat(reports.offer(order)).isTrue();
            for (int i = 0; i < 3; i++) {
                assertThat(arrived.poll(20, TimeUnit.SECONDS)).isEqualTo(order.toJson());
            }
            assertThat(reports.offer(order)).isTrue();
            assertThat(arrived.poll(20, TimeUnit.SECONDS)).isEqualTo(order.toJson());
            assertThat(arrived.poll(1, TimeUnit.SECONDS)).isNull();
        } finally {
            pauses.shutdownNow();
            server.stop(0);
        }
        assertThat(answers).hasValue(4);
    }

    private static Caller caller(String session, String scope) {
        return new Caller(
                "reports",
                "demo",
                "reports",
                List.of(),
                "token-1",
                session,
                "key-1",
                Set.of(scope),
                Instant.EPOCH,
                Instant.MAX,
                0);
    }
}
