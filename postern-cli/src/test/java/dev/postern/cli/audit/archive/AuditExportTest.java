package dev.postern.cli.audit.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.tlog.PriorKnowledge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An export from a service that answers as the audit-service does.
@Timeout(60)
final class AuditExportTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGE = 7;
    private static final Pattern ID = Pattern.compile("id=id-([0-9]+)$");
    private static final Pattern AFTER = Pattern.compile("after=2026w48%3A([0-9]+)");
    private static final Pattern TYPE = Pattern.compile("type=([a-z.]+)");

    @TempDir
    Path home;

    private SealedTestLog log;
    private HttpServer server;
    private PlatformHttp http;

    @BeforeEach
    void start() throws Exception {
        log = new SealedTestLog(home).grow(20);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::file);
        server.createContext("/v1/events", this::events);
        server.createContext("/v1/proofs", this::proof);
        server.start();
        http = new PlatformHttp(SSLContext.getDefault());
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void file(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Path file = home.resolve(path.substring(1));
        if (path.equals("/log/")) {
            answer(exchange, (log.log.origin + "\n").getBytes(StandardCharsets.UTF_8));
        } else {
            answer(exchange, Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0]);
        }
    }

    private void events(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        Matcher after = AFTER.matcher(query);
        Matcher type = TYPE.matcher(query);
        int before = after.find() ? Integer.parseInt(after.group(1)) : log.events.size();
        ObjectNode page = JSON.createObjectNode();
        ArrayNode events = page.putArray("events");
        Optional<String> only = type.find() ? Optional.of(type.group(1)) : Optional.empty();
        for (int index = before - 1; index >= 0 && events.size() < PAGE; index--) {
            EventEnvelope event = log.events.get(index);
            if (only.isEmpty() || only.get().equals(event.type())) {
                events.addObject()
                        .put("source", event.source())
                        .put("id", event.id())
                        .put("time", EventEnvelope.timestamp(event.time()))
                        .put("shard", SealedTestLog.SHARD)
                        .put("index", index);
            }
            if (events.size() == PAGE) {
                page.put("next", SealedTestLog.SHARD + ":" + index);
            }
        }
        answer(exchange, JSON.writeValueAsBytes(page));
    }

    private void proof(HttpExchange exchange) throws IOException {
        Matcher id = ID.matcher(exchange.getRequestURI().getRawQuery());
        int index = id.find() ? Integer.parseInt(id.group(1)) - 1 : -1;
        answer(
                exchange,
                JSON.writeValueAsBytes(JSON.createObjectNode()
                        .put(
                                "leaf",
                                Base64.getEncoder()
                                        .encodeToString(log.leaves.get(index).bytes()))
                        .put("leaf_key", log.key(index).disclosed())));
    }

    private long export(Path file, AuditExport.Selection selection) throws InterruptedException {
        Progress progress = new Progress(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        URI service = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new AuditExport(service, http, Clock.systemUTC(), progress).write(file, selection);
    }

    private static AuditExport.Selection all() {
        return new AuditExport.Selection(Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void writeWhenEverythingIsWantedThenTheArchiveProvesItAndOnlyItsOwnerReadsIt() throws Exception {
        Path file = home.resolve("all.jsonl");
        assertThat(export(file, all())).isEqualTo(20);
        ArchiveReport report = ArchiveVerification.verify(file, PriorKnowledge.NONE, (_, _) -> {});
        assertThat(report.fault()).isEmpty();
        assertThat(report.events()).isEqualTo(20);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void writeWhenASelectionIsWantedThenNothingElseIsInIt() throws Exception {
        assertThat(export(
                        home.resolve("type.jsonl"),
                        new AuditExport.Selection(
                                Optional.of("dev.postern.token.refused"), Optional.empty(), Optional.empty())))
                .isEqualTo(10);
        assertThat(export(
                        home.resolve("time.jsonl"),
                        new AuditExport.Selection(
                                Optional.empty(),
                                Optional.of(Instant.parse("2026-11-26T09:00:05Z")),
                                Optional.of(Instant.parse("2026-11-26T09:00:08Z")))))
                .isEqualTo(3);
    }

    @Test
    void writeWhenTheFileExistsThenItStays() throws Exception {
        Path file = Files.writeString(home.resolve("mine"), "mine");
        assertThatThrownBy(() -> export(file, all()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("exists");
        assertThat(file).hasContent("mine");
    }

    @Test
    void writeWhenTheServiceFailsThenNoHalfFileIsLeft() {
        server.removeContext("/v1/proofs");
        Path file = home.resolve("half.jsonl");
        assertThatThrownBy(() -> export(file, all())).isInstanceOf(Failure.class);
        assertThat(file).doesNotExist();
    }
}
