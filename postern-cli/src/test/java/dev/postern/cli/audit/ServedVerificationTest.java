package dev.postern.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postern.audit.root.RootEntry;
import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.Inconsistency;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.note.CosignatureSigner;
import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.note.SignedNote;
import dev.postern.tlog.tile.EntryBundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs over HTTP from a server that may be anybody's.
@Timeout(60)
final class ServedVerificationTest {
    private static final String ORIGIN = "localhost/audit/2026w48";

    @TempDir
    Path home;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private TestLog log;
    private volatile String named = ORIGIN + "\n";

    @BeforeEach
    void start() throws IOException {
        log = new TestLog(home, ORIGIN).grow(300, "entry ").grow(20, "entry ");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::file);
        server.createContext("/log/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/log/")) {
                answer(exchange, 200, named.getBytes(StandardCharsets.UTF_8));
            } else {
                file(exchange);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        stopped.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void file(HttpExchange exchange) throws IOException {
        Path file = home.resolve(exchange.getRequestURI().getPath().substring(1));
        if (Files.isRegularFile(file)) {
            answer(exchange, 200, Files.readAllBytes(file));
        } else {
            answer(exchange, 404, new byte[0]);
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String address(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private List<AuditVerification.Shard> verify(String path, PriorKnowledge prior) throws Exception {
        return verify(path, prior, Duration.ofSeconds(20));
    }

    private List<AuditVerification.Shard> verify(String path, PriorKnowledge prior, Duration patience)
            throws Exception {
        try (ServedVerification verification =
                new ServedVerification(address(path), SSLContext.getDefault(), prior, patience)) {
            return verification.run((_, _) -> {});
        }
    }

    private Inconsistency fault(PriorKnowledge prior) throws Exception {
        return verify("/log/" + ORIGIN, prior)
                .getFirst()
                .report()
                .inconsistency()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/log", "/log/", "/log/" + ORIGIN, "/log/" + ORIGIN + "/"})
    void runWhenEverythingIsThereThenTheLogIsSound(String path) throws Exception {
        assertThat(verify(path, PriorKnowledge.NONE)).singleElement().satisfies(shard -> {
            assertThat(shard.origin()).isEqualTo(ORIGIN);
            assertThat(shard.report().inconsistency()).isEmpty();
            assertThat(shard.report().leaves()).isEqualTo(320);
        });
    }

    /// The root log tells of two shards; the server names one.
    @Test
    void runWhenAShardIsNotNamedThenMissedUnlessTheRootLogSaysThatItWasDeleted() throws Exception {
        TestLog root = new TestLog(home, "localhost/audit/root");
        Instant noon = Instant.parse("2026-11-23T12:00:00Z");
        root.append(
                new RootEntry.ShardOpened(noon, "2026w47", log.signer.verifier().toString()).bytes());
        root.append(
                new RootEntry.ShardOpened(noon, "2026w48", log.signer.verifier().toString()).bytes());
        root.publish();
        named = ORIGIN + "\n" + root.origin + "\n";
        assertThat(verify("/", PriorKnowledge.NONE))
                .filteredOn(shard -> !shard.report().sound())
                .singleElement()
                .satisfies(shard -> {
                    assertThat(shard.origin()).isEqualTo("localhost/audit/2026w47");
                    assertThat(shard.report().inconsistency().orElseThrow().what())
                            .contains("the root log does not say that it was deleted");
                });
        assertThat(verify("/log/" + ORIGIN, PriorKnowledge.NONE))
                .as("only this one is meant")
                .allMatch(shard -> shard.report().sound());

        root.append(new RootEntry.ShardDeleted(noon, "2026w47").bytes());
        root.publish();
        assertThat(verify("/", PriorKnowledge.NONE))
                .hasSize(2)
                .allMatch(shard -> shard.report().sound());

        root.append(new RootEntry.ShardClosed(
                        noon, "2026w48", new String(log.checkpoint(), StandardCharsets.UTF_8).replace("320", "319"))
                .bytes());
        root.publish();
        assertThat(verify("/", PriorKnowledge.NONE)
                        .getFirst()
                        .report()
                        .inconsistency()
                        .orElseThrow()
                        .what())
                .contains("another last checkpoint");
    }

    /// The root log is read before the shards, with them and after them.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void runWhenOneReadingOfTheRootLogIsForgedThenItIsToBlameAndNothingIsDeleted(int forgedReading) throws Exception {
        TestLog gone = new TestLog(home, "localhost/audit/2026w47").grow(1, "entry ");
        TestLog root = new TestLog(home, "localhost/audit/root");
        Instant noon = Instant.parse("2026-11-23T12:00:00Z");
        byte[] opened = new RootEntry.ShardOpened(noon, "2026w47", "its key").bytes();
        byte[] deleted = new RootEntry.ShardDeleted(noon, "2026w47").bytes();
        root.append(opened);
        root.publish();
        AtomicInteger readings = new AtomicInteger();
        server.createContext(
                "/log/" + root.origin + "/tile/entries/",
                exchange -> answer(
                        exchange,
                        200,
                        EntryBundle.encode(List.of(readings.incrementAndGet() == forgedReading ? deleted : opened))));
        named = ORIGIN + "\n" + root.origin + "\n";
        PriorKnowledge prior = new PriorKnowledge(
                Map.of(gone.origin, gone.signer.verifier(), root.origin, root.signer.verifier()), Map.of());
        assertThat(verify("/", prior))
                .noneMatch(AuditVerification.Shard::deleted)
                .filteredOn(shard -> !shard.report().sound())
                .extracting(AuditVerification.Shard::origin)
                .containsExactlyInAnyOrder(gone.origin, root.origin);
    }

    /// What is known of the root log is held against each reading of it.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void runWhenOneReadingOfTheRootLogIsCutBackThenItIsToBlame(int cutReading) throws Exception {
        TestLog root = new TestLog(home, "localhost/audit/root");
        Instant noon = Instant.parse("2026-11-23T12:00:00Z");
        root.append(
                new RootEntry.ShardOpened(noon, "2026w48", log.signer.verifier().toString()).bytes());
        root.publish();
        byte[] old = root.checkpoint();
        root.append(new RootEntry.EpochDestroyed(noon, "2026-08-24").bytes());
        root.publish();
        AtomicInteger readings = new AtomicInteger();
        server.createContext(
                "/log/" + root.origin + "/checkpoint",
                exchange -> answer(exchange, 200, readings.incrementAndGet() == cutReading ? old : root.checkpoint()));
        named = ORIGIN + "\n" + root.origin + "\n";
        PriorKnowledge prior = new PriorKnowledge(Map.of(), Map.of(root.origin, List.of(root.checkpoint())));
        assertThat(verify("/", prior))
                .filteredOn(shard -> !shard.report().sound())
                .singleElement()
                .satisfies(shard -> {
                    assertThat(shard.origin()).isEqualTo(root.origin);
                    assertThat(shard.report().inconsistency().orElseThrow().what())
                            .contains("cut back");
                });
    }

    @Test
    void runWhenAnEntryWasAlteredThenNamesItsFileAndIndex() throws Exception {
        Path bundle = log.directory.resolve("tile/entries/000");
        byte[] content = Files.readAllBytes(bundle);
        content[new String(content, StandardCharsets.ISO_8859_1).indexOf("entry 123")] ^= 1;
        Files.write(bundle, content);
        assertThat(fault(PriorKnowledge.NONE).index()).isEqualTo(123);
        assertThat(fault(PriorKnowledge.NONE).path()).isEqualTo("tile/entries/000");
    }

    @Test
    void runWhenAFileIsMissingThenNamesIt() throws Exception {
        Files.delete(log.directory.resolve("tile/0/001.p/64"));
        assertThat(fault(PriorKnowledge.NONE).path()).isEqualTo("tile/0/001.p/64");
    }

    @Test
    void runWhenTheServedKeyIsNotThePinnedOneThenSaysSo() throws Exception {
        TestLog other = new TestLog(Files.createDirectory(home.resolve("other")), ORIGIN).grow(1, "x");
        PriorKnowledge prior = new PriorKnowledge(Map.of(ORIGIN, other.signer.verifier()), Map.of());
        assertThat(fault(prior).what()).contains("pinned");
    }

    @Test
    void runWhenTheLogWasReplacedByOneOfItsOwnKeyThenAnEarlierCheckpointTells() throws Exception {
        PriorKnowledge prior = new PriorKnowledge(Map.of(), Map.of(ORIGIN, List.of(log.checkpoint())));
        log.grow(50, "entry ");
        assertThat(verify("", prior)).allMatch(shard -> shard.report().sound());

        prior = new PriorKnowledge(
                Map.of(), Map.of(ORIGIN, List.of(log.checkpoint()), "localhost/audit/2026w47", List.of(new byte[0])));
        assertThat(verify("", prior))
                .hasSize(2)
                .anyMatch(shard -> !shard.report().sound());
    }

    @Test
    void runWhenWhatIsBroughtAlongIsOfAnotherLogThenSaysSo() throws Exception {
        TestLog other = new TestLog(Files.createDirectory(home.resolve("other")), "localhost/audit/2026w47");
        PriorKnowledge pinned = new PriorKnowledge(Map.of(other.origin, other.signer.verifier()), Map.of());
        assertThatThrownBy(() -> verify("/log/" + ORIGIN, pinned)).hasMessageContaining("No --vkey is of " + ORIGIN);
        PriorKnowledge since = new PriorKnowledge(Map.of(), Map.of(other.origin, List.of(other.checkpoint())));
        assertThatThrownBy(() -> verify("/log/" + ORIGIN, since)).hasMessageContaining("--since");
    }

    @Test
    void runWhenAWitnessIsWantedThenItsCosignatureIsWaitedForAndVerified() throws Exception {
        KeyPair pair = TestLog.key();
        CosignatureSigner witness = new CosignatureSigner(
                CosignatureVerifier.of("witness.example.com/w1", pair.getPublic()),
                message -> TestLog.sign(pair, message));
        PriorKnowledge prior = new PriorKnowledge(Map.of(), Map.of(), List.of(witness.verifier()));
        String note = new String(log.checkpoint(), StandardCharsets.UTF_8);
        String text = SignedNote.text(log.checkpoint()).orElseThrow();
        byte[] cosigned = (note + witness.cosign(text, Instant.EPOCH)).getBytes(StandardCharsets.UTF_8);
        AtomicInteger asked = new AtomicInteger();
        server.createContext(
                "/log/" + ORIGIN + "/checkpoint",
                exchange -> answer(exchange, 200, asked.incrementAndGet() > 2 ? cosigned : log.checkpoint()));
        assertThat(verify("/log/" + ORIGIN, prior))
                .allMatch(shard -> shard.report().sound());
        assertThat(asked).hasValue(3);

        KeyPair another = TestLog.key();
        PriorKnowledge wrong = new PriorKnowledge(
                Map.of(), Map.of(), List.of(CosignatureVerifier.of("witness.example.com/w1", another.getPublic())));
        assertThat(fault(wrong).what()).contains("not cosigned by witness.example.com/w1");
    }

    @Test
    void runWhenTheLogHasManyFilesThenAllAreReadInOrder() throws Exception {
        log.grow(5000, "entry ");
        List<Long> seen = new ArrayList<>();
        try (ServedVerification verification = new ServedVerification(
                address("/log/" + ORIGIN), SSLContext.getDefault(), PriorKnowledge.NONE, Duration.ofSeconds(20))) {
            assertThat(verification.run((index, _) -> seen.add(index)))
                    .allMatch(shard -> shard.report().sound());
        }
        assertThat(seen).hasSize(5320).isSorted();
    }

    @Test
    void runWhenTheLogLiesElsewhereThenItsKeyHasToBePinned() throws Exception {
        Files.move(home.resolve("log"), home.resolve("mirror"));
        PriorKnowledge pinned = new PriorKnowledge(Map.of(ORIGIN, log.signer.verifier()), Map.of());
        assertThat(verify("/mirror/" + ORIGIN, pinned))
                .allMatch(shard -> shard.report().sound());
        assertThatThrownBy(() -> verify("/mirror/" + ORIGIN, PriorKnowledge.NONE))
                .hasMessageContaining("--vkey");
    }

    @Test
    void runWhenTheServerSendsElsewhereThenDoesNotFollow() {
        server.removeContext("/log/");
        server.createContext("/log/", exchange -> {
            exchange.getResponseHeaders().add("Location", address("/mirror/"));
            answer(exchange, 302, new byte[0]);
        });
        assertThatThrownBy(() -> verify("/log/" + ORIGIN, PriorKnowledge.NONE))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("302");
    }

    @Test
    void runWhenAnAnswerIsTooLongThenGivesUp() {
        server.createContext(
                "/log/" + ORIGIN + "/checkpoint", exchange -> answer(exchange, 200, new byte[ServedFiles.NOTE + 1]));
        assertThatThrownBy(() -> verify("/log/" + ORIGIN, PriorKnowledge.NONE)).isInstanceOf(Failure.class);
    }

    @Test
    void runWhenAnAnswerDoesNotEndThenGivesUp() {
        server.createContext("/log/" + ORIGIN + "/checkpoint", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            try {
                stopped.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        assertThatThrownBy(() -> verify("/log/" + ORIGIN, PriorKnowledge.NONE, Duration.ofMillis(300)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("checkpoint");
    }

    @Test
    void runWhenTheIndexNamesNoOriginsThenGivesUp() {
        server.removeContext("/log/");
        server.createContext("/log/", exchange -> answer(exchange, 200, "../../x\n".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> verify("/", PriorKnowledge.NONE)).hasMessageContaining("does not name logs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/log/",
                "https:///log/",
                "https://user@localhost/log/",
                "https://localhost/log/?x",
                "https://localhost/%2e%2e/log/"
            })
    void parseWhenTheAddressIsNotPlainThenRefuses(String address) {
        assertThatThrownBy(() -> ServedAddress.parse(address)).isInstanceOf(Failure.class);
    }
}
