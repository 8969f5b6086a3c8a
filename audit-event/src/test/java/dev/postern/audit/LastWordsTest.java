package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.sink.HttpAuditSink;
import dev.postern.audit.sink.SinkSettings;
import dev.postern.audit.spool.EntryNumber;
import dev.postern.audit.spool.Spool;
import dev.postern.audit.spool.SpoolSettings;
import dev.postern.test.MutableClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a service says as it stops.
@Timeout(60)
final class LastWordsTest {
    private static final URI SOURCE = URI.create("spiffe://postern.local/service/gateway-service");
    private static final URI NOBODY = URI.create("http://127.0.0.1:1");
    /// Longer than any test: who waits so long was not told.
    private static final Duration FOREVER = Duration.ofHours(1);

    @TempDir
    Path directory;

    @Test
    void trailWhenClosedAtOnceThenWhatWasRecordedArrives() throws Exception {
        AuditSettings.Retry retry = new AuditSettings.Retry(
                Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ofSeconds(30));
        try (FakeAuditService service = FakeAuditService.start()) {
            AuditSettings settings = new AuditSettings(
                    SOURCE, directory, service.endpoint(), 1 << 20, 4096, Duration.ofMinutes(1), retry);
            AuditTrail trail = AuditTrail.open(settings, HttpClient.newHttpClient(), MutableClock.atNoon());
            var _ = trail.record(new ServiceStopped("gateway-service", "i-1", "shutdown"));
            for (int i = 0; i < 3; i++) {
                var _ = trail.record(new FrameRejected("replayed", Optional.of("s-1"), Optional.empty(), 1));
            }
            trail.close();
            assertThat(service.received())
                    .extracting(EventEnvelope::type)
                    .startsWith(EventType.SERVICE_STOPPED.wireName())
                    .contains(EventType.FRAME_REJECTED.wireName());
        }
    }

    private Spool spool() throws Exception {
        Spool spool = Spool.open(new SpoolSettings(directory, 4096, 1 << 20), new Random(1));
        for (int i = 0; i < 5; i++) {
            spool.append(LastWordsTest::event).get();
        }
        return spool;
    }

    private static byte[] event(EntryNumber number) {
        try {
            return new EventEnvelope(
                            SOURCE.toString(),
                            number.spool(),
                            number.id(),
                            number.sequence(),
                            EventType.SERVICE_STOPPED.wireName(),
                            Instant.EPOCH,
                            Map.of())
                    .bytes();
        } catch (NotCanonical e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpAuditSink sink(Spool spool, URI endpoint) {
        SinkSettings settings = new SinkSettings(
                SOURCE,
                endpoint,
                Duration.ofMillis(1),
                Duration.ofMillis(20),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
        return new HttpAuditSink(spool, settings, HttpClient.newHttpClient(), new Random(1));
    }

    @Test
    void finishWhenEverythingIsAcknowledgedThenReturns() throws Exception {
        try (FakeAuditService service = FakeAuditService.start();
                Spool spool = spool();
                HttpAuditSink sink = sink(spool, service.endpoint())) {
            sink.start();
            sink.finish(FOREVER);
            assertThat(service.received()).hasSize(5);
        }
    }

    @Test
    void finishWhenNobodyTakesItThenReturnsAndEverythingStays() throws Exception {
        try (Spool spool = spool();
                HttpAuditSink sink = sink(spool, NOBODY)) {
            sink.start();
            sink.finish(FOREVER);
            assertThat(sink.progress().failures()).isPositive();
            assertThat(spool.progress().acknowledged()).isZero();
        }
    }
}
