package dev.postern.cli.audit.witness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.audit.TestLog;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.witness.LogKeys;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServedKeysTest {
    private static final Instant NOW = Instant.parse("2026-11-26T09:00:00Z");
    private static final String ORIGIN = "localhost/audit/2026w48";

    @TempDir
    Path home;

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger indexed = new AtomicInteger();
    private volatile List<String> named = List.of(ORIGIN, "localhost/other/2026w48");
    private HttpServer server;
    private volatile NoteVerifier served;

    @BeforeEach
    void start() throws Exception {
        served = NoteVerifier.of(ORIGIN, TestLog.key().getPublic());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/vkeys/2026w48.vkey", exchange -> {
            asked.incrementAndGet();
            byte[] body = (served + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/log/", exchange -> {
            indexed.incrementAndGet();
            byte[] body = String.join("\n", named).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private LogKeys keys(String path, Duration later) throws Exception {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + path;
        Clock clock = Clock.fixed(NOW.plus(later), ZoneOffset.UTC);
        return KeyServers.at(url, SSLContext.getDefault(), home, clock);
    }

    private static List<String> text(List<NoteVerifier> keys) {
        return keys.stream().map(NoteVerifier::toString).toList();
    }

    @Test
    void ofWhenFirstSeenThenTheKeyIsKeptWhateverTheServerSaysLater() throws Exception {
        NoteVerifier first = served;
        assertThat(text(keys("", Duration.ZERO).of(ORIGIN))).containsExactly(first.toString());
        served = NoteVerifier.of(ORIGIN, TestLog.key().getPublic());
        assertThat(text(keys("", Duration.ofDays(1)).of(ORIGIN))).containsExactly(first.toString());
        assertThat(asked).hasValue(1);
    }

    @Test
    void ofWhenTheOriginIsNotTheServersThenItIsNotBelieved() throws Exception {
        assertThat(keys("/log/example.com", Duration.ZERO).of(ORIGIN)).isEmpty();
        assertThat(keys("", Duration.ZERO).of("localhost/other/2026w48")).isEmpty();
        assertThat(keys("", Duration.ZERO).of("localhost/audit/..")).isEmpty();
        assertThat(keys("/log/localhost/audit", Duration.ZERO).of(ORIGIN)).hasSize(1);
    }

    @Test
    void ofWhenUnknownLogsAreAskedForThenTheServerIsAskedOnceInAWhile() throws Exception {
        LogKeys keys = keys("", Duration.ZERO);
        for (int i = 0; i < 100; i++) {
            assertThat(keys.of("localhost/other/2026w48")).isEmpty();
            assertThat(keys.of("localhost/audit/x" + i)).isEmpty();
        }
        assertThat(indexed).hasValue(1);
        assertThat(asked).as("for a log that it names").hasValue(1);
        assertThat(keys.of(ORIGIN))
                .as("strangers' questions keep nobody waiting")
                .hasSize(1);
    }

    @Test
    void ofWhenTheServerDoesNotNameTheLogThenItsKeyIsNotAskedFor() throws Exception {
        named = List.of();
        assertThat(keys("", Duration.ZERO).of(ORIGIN)).isEmpty();
        assertThat(asked).hasValue(0);
    }
}
