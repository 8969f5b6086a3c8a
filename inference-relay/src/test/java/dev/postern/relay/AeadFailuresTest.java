package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.postern.chassis.keys.KeyReports;
import dev.postern.relay.keys.AeadFailures;
import dev.postern.relay.keys.AeadFailuresProperties;
import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.TokenMint;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// From messages that do not open, over real connections, to the report.
@SuppressWarnings("NullAway.Init")
class AeadFailuresTest extends RelayFixture {
    private static final int THRESHOLD = 4;

    private final AtomicLong now = new AtomicLong();
    private final BlockingQueue<String> reported = new LinkedBlockingQueue<>();
    private HttpServer rotation;
    private KeyReports reports;

    @BeforeEach
    void watch() throws Exception {
        rotation = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        rotation.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            reported.add(exchange.getRequestURI() + " " + body);
        });
        rotation.start();
        reports = new KeyReports(
                        URI.create("http://localhost:" + rotation.getAddress().getPort()),
                        HttpClient.newHttpClient(),
                        Executors.newSingleThreadScheduledExecutor(),
                        System::nanoTime,
                        rig.meters)
                .start();
        AeadFailures failures = new AeadFailures(
                rig.keys.ring(),
                new AeadFailuresProperties(THRESHOLD, Duration.ofMinutes(1)),
                reports,
                now::get,
                rig.clock);
        rig.unopened = failures;
        rig.sessions.onUnopened(failures);
    }

    @AfterEach
    void leave() {
        reports.close();
        rotation.stop(0);
    }

    private void sendBadOpens(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            try (SealedClient client = new SealedClient(rig)) {
                client.connect();
                byte[] open = client.offer(TokenMint.Order.delegate(client.thumbprint()));
                open[open.length - 1] ^= 1;
                client.send(open);
                assertThat(client.closed()).isEqualTo("4401 open-rejected");
            }
        }
    }

    private static byte[] frame(SealedClient client) {
        return client.session()
                .seal(client.session().openStream(), new byte[16], ContentType.JSON, Chunk.LAST)
                .getFirst();
    }

    private static byte[] badFrame(SealedClient client) {
        byte[] frame = frame(client);
        frame[frame.length - 1] ^= 1;
        return frame;
    }

    private void sendBadFrames(SealedClient client, byte[] frame, int count) throws Exception {
        double before = dropped();
        for (int i = 0; i < count; i++) {
            client.send(frame);
        }
        Awaitility.await().until(() -> dropped() == before + count);
    }

    private double dropped() {
        return rig.meters
                .get("postern.frames.rejected")
                .tag("reason", "bad-tag")
                .counter()
                .count();
    }

    private String published() {
        return rig.keys.ring().current().keys().getFirst().id().toString();
    }

    private void assertReported(String set) throws InterruptedException {
        assertThat(reported.poll(10, TimeUnit.SECONDS))
                .startsWith("/v1/keys/relay-hpke/" + set + "/suspicions ")
                .contains("\"trigger\":\"aead-failures\"", "\"count\":" + THRESHOLD);
    }

    @Test
    void aSpikeOfOpensAndFramesIsOneReportOfTheirKeys() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            byte[] bad = badFrame(client);
            sendBadOpens(THRESHOLD - 2);
            sendBadFrames(client, bad, 1);
            assertThat(reported).isEmpty();
            sendBadFrames(client, bad, 1);
        }
        assertReported(published());
    }

    @Test
    void failuresThatComeSlowlyAreNoSpike() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            byte[] bad = badFrame(client);
            for (int i = 0; i < 3 * THRESHOLD; i++) {
                sendBadFrames(client, bad, 1);
                now.addAndGet(Duration.ofSeconds(21).toNanos());
            }
            sendBadFrames(client, bad, 1);
            assertThat(reported).isEmpty();
            sendBadFrames(client, bad, 1);
        }
        assertReported(published());
    }

    @Test
    void framesCountForTheKeysThatTheirSessionBeganWith() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            byte[] bad = badFrame(client);
            String first = published();
            rig.keys.ring().rotate();
            assertThat(published()).isNotEqualTo(first);
            sendBadOpens(THRESHOLD - 1);
            sendBadFrames(client, bad, THRESHOLD - 1);
            assertThat(reported).as("neither has enough").isEmpty();
            sendBadFrames(client, bad, 1);
            assertReported(first);
            sendBadOpens(1);
            assertReported(published());
        }
    }

    @Test
    void goodOnesAndFramesOutOfOrderAreNothing() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            byte[] frame = frame(client);
            for (int i = 0; i < 3 * THRESHOLD; i++) {
                client.send(frame);
            }
            Awaitility.await()
                    .until(() -> rig.meters
                                    .get("postern.frames.rejected")
                                    .tag("reason", "duplicate")
                                    .counter()
                                    .count()
                            == 3 * THRESHOLD - 1);
            sendBadFrames(client, badFrame(client), THRESHOLD);
        }
        assertReported(published());
        assertThat(reported).isEmpty();
    }
}
