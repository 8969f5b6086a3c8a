package dev.postern.cli.audit.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(30)
final class IndexProofTest {
    private static final String READING = report("READING", 7, 0, "");
    private static final String EQUAL = report("EQUAL", 12, 2, "");
    private static final String DIFFERENT = report(
            "DIFFERENT",
            12,
            2,
            ",\"difference\":{\"table\":\"term\",\"live\":\"no further row\",\"rebuilt\":\"segment 1\"}");

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Deque<String> reports = new ArrayDeque<>();
    private int begins = 202;
    private HttpServer server;
    private PlatformHttp http;

    private static String report(String state, int entries, int days, String more) {
        return "{\"state\":\"" + state + "\",\"entries\":" + entries + ",\"of\":13,\"days\":" + days
                + ",\"different\":[\"2026-11-23\",\"2026-11-24\"],\"milliseconds\":1500" + more + "}";
    }

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/index/rebuild", this::answer);
        server.start();
        http = new PlatformHttp(SSLContext.getDefault());
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean post = exchange.getRequestMethod().equals("POST");
            byte[] body = (post ? "{\"title\":\"Not now.\"}" : reports.remove()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(post ? begins : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private JsonNode run() throws InterruptedException {
        URI service = URI.create("http://localhost:" + server.getAddress().getPort());
        return new IndexProof(
                        service,
                        http,
                        Duration.ofMillis(1),
                        new Progress(new PrintStream(said, true, StandardCharsets.UTF_8)))
                .run();
    }

    @Test
    void reindexWhenUnderWayThenFollowedToItsEnd() throws Exception {
        reports.addAll(List.of(READING, READING, EQUAL));
        JsonNode report = run();
        assertThat(IndexProof.outcome(report)).isEqualTo(ExitCode.DONE);
        assertThat(IndexProof.text(report))
                .isEqualTo("The index is what the log says: 12 events of 2 days, rebuilt and compared in 1.5 s.\n");
        assertThat(said.toString(StandardCharsets.UTF_8)).isEqualTo("  7 events of 13 leaves read\n");
    }

    @Test
    void reindexWhenDifferentThenNamesDaysAndRow() throws Exception {
        reports.add(DIFFERENT);
        JsonNode report = run();
        assertThat(IndexProof.outcome(report)).isEqualTo(ExitCode.NOT_SOUND);
        assertThat(IndexProof.text(report))
                .contains("2026-11-23 2026-11-24", "term", "no further row", "segment 1", "again");
    }

    @Test
    void reindexWhenAnotherIsUnderWayThenWaitsForThat() throws Exception {
        begins = 409;
        reports.add(EQUAL);
        assertThat(IndexProof.outcome(run())).isEqualTo(ExitCode.DONE);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("under way");
    }

    @Test
    void reindexWhenRefusedOrFailedThenSaysWhy() throws Exception {
        begins = 503;
        assertThatThrownBy(this::run).isInstanceOf(Failure.class).hasMessageContaining("503 Not now.");
        begins = 202;
        reports.add(report("FAILED", 0, 0, ",\"failure\":\"Ask again.\""));
        JsonNode report = run();
        assertThat(IndexProof.outcome(report)).isEqualTo(ExitCode.FAILED);
        assertThat(IndexProof.text(report)).isEqualTo("It could not be told: Ask again.\n");
    }
}
