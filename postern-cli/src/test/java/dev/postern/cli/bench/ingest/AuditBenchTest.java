package dev.postern.cli.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.postern.audit.EventSchema;
import dev.postern.audit.envelope.EnvelopeParser;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.cli.bench.Latencies;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.tree.Hash;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is sent and how it is timed, against a receiver that acknowledges everything.
class AuditBenchTest {
    private static final String SOURCE = "spiffe://postern.local/service/gateway-service";
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    Path directory;

    private final List<EventEnvelope> received = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger status = new AtomicInteger(200);

    @SuppressWarnings("NullAway.Init") // JUnit starts it before each test.
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/events", exchange -> {
            try (exchange) {
                List<EventEnvelope> batch =
                        EnvelopeParser.parseBatch(exchange.getRequestBody().readAllBytes());
                received.addAll(batch);
                byte[] acks = batch.stream()
                        .map(event -> "{\"source\":\"" + event.source() + "\",\"id\":\"" + event.id()
                                + "\",\"shard\":\"2026w48\",\"index\":" + (event.sequence() - 1) + "}")
                        .collect(Collectors.joining(",", "{\"acks\":[", "]}"))
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status.get(), acks.length);
                exchange.getResponseBody().write(acks);
            } catch (dev.postern.audit.envelope.MalformedEnvelope e) {
                throw new java.io.IOException(e);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private Producer producer() {
        return new Producer(HttpClient.newHttpClient(), endpoint(), new Batches(SOURCE, "bench-0", Instant.now()));
    }

    @Test
    void batchWhenMadeThenNumberedEventsOfOneKilobyteThatTheServiceTakes() throws Exception {
        Batches batches = new Batches(SOURCE, "bench-0", Instant.now());
        List<EventEnvelope> events = new ArrayList<>();
        for (int count : new int[] {1, 3}) {
            events.addAll(EnvelopeParser.parseBatch(batches.next(count).getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(events).extracting(EventEnvelope::sequence).containsExactly(1L, 2L, 3L, 4L);
        assertThat(events).extracting(EventEnvelope::id).doesNotHaveDuplicates();
        for (EventEnvelope event : events) {
            assertThat(event.bytes()).hasSize(Batches.EVENT_BYTES);
            assertThat(EventSchema.problem(event.type(), event.data())).isEmpty();
        }
    }

    @Test
    void closedLoopWhenRunThenEveryEventIsCountedOnceAndPlaced() throws Exception {
        try (Producer producer = producer()) {
            Acknowledged acknowledged = producer.send(new Load.Closed(4), 1, SHORT);
            assertThat(acknowledged.failed()).isZero();
            assertThat(acknowledged.micros().count()).isEqualTo(received.size());
            assertThat(acknowledged.last()).hasSize(received.size() / 4);
            assertThat(acknowledged.last().getLast().index()).isEqualTo(received.size() - 1L);
        }
    }

    @Test
    void pacedLoadWhenRunThenAsManyEventsAsTheTimeHas() throws Exception {
        try (Producer producer = producer()) {
            Acknowledged acknowledged = producer.send(new Load.Paced(1_000), 2, SHORT);
            assertThat(acknowledged.micros().count()).isEqualTo(150).isEqualTo(received.size());
        }
    }

    @Test
    void refusedEventsWhenCountedThenFailedAndNotTimed() throws Exception {
        status.set(503);
        try (Producer producer = producer()) {
            Acknowledged acknowledged = producer.send(new Load.Closed(2), 1, SHORT);
            assertThat(acknowledged.micros().count()).isZero();
            assertThat(acknowledged.failed()).isEqualTo(received.size()).isPositive();
        }
    }

    @Test
    void publicationWhenACheckpointCoversThePlaceThenTimedToIt() throws Exception {
        Path shard = Files.createDirectories(directory.resolve("2026w48"));
        try (Publications publications = Publications.watch(directory)) {
            long acknowledged = System.nanoTime();
            Files.writeString(shard.resolve("checkpoint"), new Checkpoint("o", 7, Hash.EMPTY).text() + "\n");
            Latencies delays = publications.delays(
                    List.of(new Acknowledged.Placed(acknowledged, 6), new Acknowledged.Placed(Long.MAX_VALUE / 2, 0)),
                    Duration.ofSeconds(10));
            assertThat(delays.count()).isEqualTo(2);
            assertThat(delays.percentile(0.0)).isZero();
            assertThat(delays.percentile(0.99)).isPositive();
        }
    }

    @Test
    void fsyncsWhenMeasuredThenCountedAndNothingIsLeft() throws Exception {
        FsyncRate rate = FsyncRate.measure(directory, SHORT);
        assertThat(rate.perSecond()).isPositive();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void recordingWhenMeasuredThenEveryEventCameToTheDisk() throws Exception {
        RecordCost cost = RecordCost.measure(
                URI.create(SOURCE),
                directory.resolve("spool"),
                endpoint(),
                HttpClient.newHttpClient(),
                Clock.systemUTC(),
                SHORT,
                SHORT);
        assertThat(cost.events()).isEqualTo(300);
        assertThat(cost.failed()).isZero();
        assertThat(cost.meanMicros()).isPositive();
    }
}
