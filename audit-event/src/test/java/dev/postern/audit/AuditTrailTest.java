package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.test.MutableClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class AuditTrailTest {

    private static final URI SOURCE = URI.create("spiffe://postern.local/service/gateway-service");

    @TempDir
    Path directory;

    private final MutableClock clock = MutableClock.atNoon();

    private AuditTrail open(URI endpoint) throws Exception {
        AuditSettings.Retry impatient = new AuditSettings.Retry(
                Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ofMillis(50));
        AuditSettings settings = new AuditSettings(
                SOURCE, directory.resolve("spool"), endpoint, 1 << 20, 4096, Duration.ofMillis(20), impatient);
        return AuditTrail.open(settings, HttpClient.newHttpClient(), clock);
    }

    private static ServiceStarted started(int i) {
        return new ServiceStarted("gateway-service", "i-" + i, "0.1.0");
    }

    @Test
    void eventsArriveInOrderUnderOneNumbering() throws Exception {
        try (FakeAuditService service = FakeAuditService.start();
                AuditTrail trail = open(service.endpoint())) {
            for (int i = 0; i < 1200; i++) {
                var _ = trail.record(started(i));
            }
            List<EventEnvelope> events = service.await(1200);
            assertThat(events)
                    .extracting(EventEnvelope::sequence)
                    .isEqualTo(IntStream.rangeClosed(1, 1200)
                            .mapToObj(Long::valueOf)
                            .toList());
            assertThat(events).extracting(EventEnvelope::source).containsOnly(SOURCE.toString());
            assertThat(events)
                    .extracting(EventEnvelope::spool)
                    .containsOnly(events.getFirst().spool());
            assertThat(events.get(7).data()).extractingByKey("instance").isEqualTo("i-7");
            assertThat(events.getFirst().time()).isEqualTo(clock.instant());
        }
    }

    @Test
    void lostAcknowledgementsFailuresAndRestartsOnlyMeanRedelivery() throws Exception {
        try (FakeAuditService service = FakeAuditService.start()) {
            service.failNext(
                    FakeAuditService.Fault.LOSE_ACKNOWLEDGEMENT,
                    FakeAuditService.Fault.STATUS_503,
                    FakeAuditService.Fault.DROP_CONNECTION,
                    FakeAuditService.Fault.TOO_LARGE,
                    FakeAuditService.Fault.ACKNOWLEDGE_FIRST_ONLY,
                    FakeAuditService.Fault.RUBBISH);
            try (AuditTrail trail = open(service.endpoint())) {
                for (int i = 0; i < 50; i++) {
                    trail.recordDurably(started(i));
                }
                service.await(50);
            }
            try (AuditTrail trail = open(service.endpoint())) {
                for (int i = 50; i < 100; i++) {
                    trail.recordDurably(started(i));
                }
                List<EventEnvelope> distinct = service.await(100);
                assertThat(distinct)
                        .extracting(EventEnvelope::sequence)
                        .isEqualTo(IntStream.rangeClosed(1, 100)
                                .mapToObj(Long::valueOf)
                                .toList());
                assertThat(service.redeliveries()).isPositive();
            }
        }
    }

    @Test
    void withoutAnAuditServiceEverythingStaysOnDiskAndIsShippedLater() throws Exception {
        try (AuditTrail trail = open(URI.create("http://127.0.0.1:1"))) {
            for (int i = 0; i < 20; i++) {
                trail.recordDurably(started(i));
            }
            AuditTrailState state = trail.state();
            assertThat(state.appended()).isEqualTo(20);
            assertThat(state.pendingEvents()).isEqualTo(20);
            assertThat(state.shipped()).isZero();
            assertThat(state.writable()).isTrue();
        }
        try (FakeAuditService service = FakeAuditService.start();
                AuditTrail trail = open(service.endpoint())) {
            assertThat(service.await(20)).hasSize(20);
            assertThat(trail.state().appended()).isZero();
        }
    }

    @Test
    void positionThatCannotBeWrittenStopsShippingOnlyForAWhile() throws Exception {
        try (FakeAuditService service = FakeAuditService.start();
                AuditTrail trail = open(service.endpoint())) {
            // Stands in for a full disk: the temporary file of the position cannot be written.
            Path obstacle = Files.createDirectory(directory.resolve("spool/state.tmp"));
            trail.recordDurably(started(0));
            service.await(1);
            while (trail.state().shipFailures() == 0) {
                Thread.onSpinWait();
            }
            trail.recordDurably(started(1));
            Files.delete(obstacle);
            for (int i = 2; i < 10; i++) {
                trail.recordDurably(started(i));
            }
            assertThat(service.await(10)).hasSize(10);
        }
    }

    @Test
    void rejectionsAreCountedNotDropped() throws Exception {
        try (FakeAuditService service = FakeAuditService.start();
                AuditTrail trail = open(service.endpoint())) {
            for (int i = 0; i < 5000; i++) {
                var _ = trail.record(new FrameRejected("replayed", Optional.of("s-1"), Optional.empty(), 1));
            }
            trail.record(new FrameRejected("replayed", Optional.of("s-1"), Optional.empty(), 1))
                    .get();
            List<EventEnvelope> events = service.await((int) trail.state().appended());
            assertThat(events).hasSizeLessThan(500);
            assertThat(events.stream()
                            .mapToLong(event -> event.data().get("count") instanceof Number n ? n.longValue() : 0)
                            .sum())
                    .isEqualTo(5001);
        }
    }

    @Test
    void aFullSpoolRefusesCriticalEvents() throws Exception {
        try (AuditTrail trail = open(URI.create("http://127.0.0.1:1"))) {
            assertThatExceptionOfType(AuditUnavailable.class)
                    .isThrownBy(() -> {
                        for (int i = 0; i < 100_000; i++) {
                            trail.recordDurably(new AdminChanged(
                                    "x".repeat(256), "x".repeat(256), "x".repeat(256), "x".repeat(256)));
                        }
                    })
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(AuditUnavailable.Reason.FULL));
        }
    }

    @Test
    void aClosedTrailRefuses() throws Exception {
        AuditTrail trail = open(URI.create("http://127.0.0.1:1"));
        trail.close();
        assertThatExceptionOfType(AuditUnavailable.class)
                .isThrownBy(() -> trail.recordDurably(started(1)))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(AuditUnavailable.Reason.CLOSED));
    }

    @Test
    void producerWhenItHasNothingToSendThenSaysSoWithItsLastNumber() throws Exception {
        try (FakeAuditService service = FakeAuditService.start();
                AuditTrail trail = open(service.endpoint())) {
            trail.recordDurably(started(1));
            trail.recordDurably(started(2));
            String spool = service.await(2).getFirst().spool();
            assertThat(service.awaitHeartbeat("\"last\":2"))
                    .isEqualTo("{\"source\":\"" + SOURCE + "\",\"spool\":\"" + spool + "\",\"last\":2}");
            trail.recordDurably(started(3));
            assertThat(service.awaitHeartbeat("\"last\":3")).contains(spool);
        }
    }
}
