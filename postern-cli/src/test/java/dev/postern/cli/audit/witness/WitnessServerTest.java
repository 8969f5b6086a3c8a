package dev.postern.cli.audit.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.audit.TestLog;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.SignedNote;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tree.Hash;
import dev.postern.tlog.witness.AddCheckpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The witness over the wire, with its state on the disk.
@Timeout(60)
final class WitnessServerTest {
    private static final String NAME = "witness.example.com/w1";

    @TempDir
    Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private TestLog log;
    private WitnessServer server;

    @BeforeEach
    void begin() throws IOException {
        log = new TestLog(home.resolve("audit"), "localhost/audit/2026w48").grow(10, "entry ");
        server = start(NAME);
    }

    @AfterEach
    void end() {
        server.close();
        http.close();
    }

    private WitnessServer start(String name) {
        return WitnessServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                home.resolve("witness"),
                name,
                KeyFiles.of(List.of(home.resolve("audit/vkeys").toString()), List.of()),
                Clock.systemUTC(),
                new SecureRandom(),
                new Progress(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));
    }

    private HttpResponse<String> post(byte[] body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(address("/add-checkpoint"))
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }

    private byte[] request(TestLog of, long old) throws IOException {
        long size = Checkpoint.open(of.checkpoint(), of.signer.verifier())
                .orElseThrow()
                .size();
        List<Hash> proof = old == 0
                ? List.of()
                : TiledLog.proofs(new LogDirectory(of.directory), size).consistency(old, size);
        return new AddCheckpoint(old, proof, of.checkpoint()).bytes();
    }

    private void expectCosigned(TestLog of, long old) throws Exception {
        HttpResponse<String> answer = post(request(of, old));
        assertThat(answer.statusCode()).isEqualTo(200);
        String text = SignedNote.text(of.checkpoint()).orElseThrow();
        assertThat(server.key().verify(text, answer.body().strip())).isPresent();
    }

    @Test
    void addWhenTheLogGrowsThenCosignsAlsoAfterARestart() throws Exception {
        expectCosigned(log, 0);
        log.grow(5, "entry ");
        String key = server.key().toString();
        server.close();
        server = start(NAME);
        assertThat(server.key()).hasToString(key);
        HttpResponse<String> conflict = post(request(log, 0));
        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(conflict.headers().firstValue("Content-Type")).hasValue("text/x.tlog.size");
        assertThat(conflict.body()).isEqualTo("10\n");
        expectCosigned(log, 10);
    }

    @Test
    void addWhenAnotherShardBeginsThenItsKeyIsFound() throws Exception {
        expectCosigned(log, 0);
        TestLog next = new TestLog(home.resolve("audit"), "localhost/audit/2026w49").grow(3, "entry ");
        expectCosigned(next, 0);
    }

    @Test
    void addWhenAKnownLogComesWithAnotherKeyThenItIsNotTaken() throws Exception {
        expectCosigned(log, 0);
        Files.delete(log.directory.resolve("checkpoint"));
        TestLog forged = new TestLog(home.resolve("forged"), log.origin).grow(20, "entry ");
        Files.copy(home.resolve("forged/vkeys/2026w48.vkey"), home.resolve("audit/vkeys/a.vkey"));
        assertThat(post(request(forged, 10)).statusCode()).isEqualTo(403);
    }

    @Test
    void addWhenRefusedThenTheStatusTellsWhy() throws Exception {
        assertThat(post("nonsense".getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(400);
        assertThat(post(new byte[AddCheckpoint.MAX_BYTES + 1]).statusCode()).isEqualTo(413);
        TestLog unknown = new TestLog(home.resolve("unknown"), "example.com/log").grow(3, "entry ");
        assertThat(post(request(unknown, 0)).statusCode()).isEqualTo(404);
        expectCosigned(log, 0);
        log.grow(5, "entry ");
        byte[] wrong = new AddCheckpoint(10, List.of(Hash.EMPTY), log.checkpoint()).bytes();
        assertThat(post(wrong).statusCode()).isEqualTo(422);
        HttpResponse<String> get =
                http.send(HttpRequest.newBuilder(address("/add-checkpoint")).build(), BodyHandlers.ofString());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(http.send(HttpRequest.newBuilder(address("/")).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void addWhenTheRecordIsDamagedThenThereIsNoCosignature() throws Exception {
        expectCosigned(log, 0);
        try (var files = Files.list(home.resolve("witness/state"))) {
            Files.writeString(files.findFirst().orElseThrow(), "damaged");
        }
        assertThat(post(request(log, 10)).statusCode()).isEqualTo(503);
        assertThat(post(request(log, 0)).statusCode()).isEqualTo(503);
    }

    @Test
    void startWhenTheDirectoryIsInUseOrAnotherWitnessesThenRefuses() throws Exception {
        assertThatThrownBy(() -> start(NAME)).isInstanceOf(Failure.class).hasMessageContaining("Another witness");
        expectCosigned(log, 0);
        server.close();
        assertThatThrownBy(() -> start("witness.example.com/w2"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(NAME);
        Path key = home.resolve("witness/witness.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        Files.delete(key);
        assertThatThrownBy(() -> start(NAME)).hasMessageContaining("lost its key");
    }
}
