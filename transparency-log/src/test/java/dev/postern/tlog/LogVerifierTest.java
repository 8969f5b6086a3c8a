package dev.postern.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.MemoryStorage;
import dev.postern.tlog.store.TestKeys;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogVerifierTest {

    private static final int SIZE = 300;

    @TempDir
    Path log;

    private final MemoryStorage storage = new MemoryStorage();

    /// 300 leaves: one full tile, older partial tiles beside the current one, two levels.
    @BeforeEach
    void build() throws IOException {
        TiledLog growing = TiledLog.open(storage, TestKeys.signer());
        for (int i = 0; i < SIZE; i++) {
            growing.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
            if (i % 20 == 19) {
                growing.publish();
            }
        }
        storage.writeTo(log);
    }

    private LogReport verify() throws IOException {
        return LogVerifier.verify(log, TestKeys.verifier());
    }

    private void expectFault(String path) throws IOException {
        assertThat(verify().inconsistency())
                .as(path)
                .hasValueSatisfying(found -> assertThat(found.path()).isEqualTo(path));
    }

    @Test
    void aSoundLogIsSoundAndItsLeavesAreSeenInOrder() throws IOException {
        List<String> seen = new ArrayList<>();
        LogReport report = LogVerifier.verify(
                log,
                TestKeys.verifier(),
                PriorKnowledge.NONE,
                (index, entry) -> seen.add(index + ":" + new String(entry, StandardCharsets.UTF_8)));
        assertThat(report.sound()).isTrue();
        assertThat(report.leaves()).isEqualTo(SIZE);
        assertThat(seen).hasSize(SIZE).startsWith("0:entry 0").endsWith("299:entry 299");
    }

    @Test
    void aFlippedBitInAnyFileIsFoundAndTheFileNamed() throws IOException {
        assertThat(storage.files()).hasSizeGreaterThan(6);
        for (Map.Entry<String, byte[]> file : storage.files().entrySet()) {
            byte[] content = file.getValue().clone();
            int step = Math.max(1, content.length / 40);
            for (int i = 0; i < content.length; i += step) {
                content[i] ^= (byte) (1 << (i % 8));
                Files.write(log.resolve(file.getKey()), content);
                expectFault(file.getKey());
                content[i] ^= (byte) (1 << (i % 8));
            }
            Files.write(log.resolve(file.getKey()), content);
        }
        assertThat(verify().sound()).isTrue();
    }

    @Test
    void theFirstWrongEntryIsNamedByItsIndex() throws IOException {
        byte[] bundle = storage.read("tile/entries/000").orElseThrow().clone();
        String text = new String(bundle, StandardCharsets.ISO_8859_1);
        bundle[text.indexOf("entry 123")] ^= 1;
        Files.write(log.resolve("tile/entries/000"), bundle);
        assertThat(verify().inconsistency().orElseThrow().index()).isEqualTo(123);
        assertThat(verify().inconsistency().orElseThrow().path()).isEqualTo("tile/entries/000");
    }

    @Test
    void missingTruncatedAndForeignFilesAreNamed() throws IOException {
        for (String path : List.of("tile/0/000", "tile/entries/001.p/44", "tile/1/000.p/1", LogStorage.CHECKPOINT)) {
            byte[] content = Files.readAllBytes(log.resolve(path));
            Files.delete(log.resolve(path));
            expectFault(path);
            Files.write(log.resolve(path), Arrays.copyOf(content, content.length - 1));
            expectFault(path);
            Files.write(log.resolve(path), content);
        }
        Files.writeString(log.resolve("tile/0/notes.txt"), "hello");
        expectFault("tile/0/notes.txt");
    }

    @Test
    void filesBeyondTheCheckpointSayNothingYet() throws IOException {
        TiledLog growing = TiledLog.open(storage, TestKeys.signer());
        for (int i = SIZE; i < 530; i++) {
            growing.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
        }
        storage.writeTo(log);
        assertThat(verify().sound()).isTrue();
        assertThat(verify().leaves()).isEqualTo(SIZE);
    }

    @Test
    void partialTilesThatGaveWayToFullOnesWhileWeLookAreReadFromThose(@TempDir Path now) throws IOException {
        byte[] earlier = storage.read(LogStorage.CHECKPOINT).orElseThrow();
        TiledLog growing = TiledLog.open(storage, TestKeys.signer());
        for (int i = SIZE; i < 530; i++) {
            growing.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
        }
        growing.publish();
        storage.writeTo(now);
        Files.write(now.resolve(LogStorage.CHECKPOINT), earlier);
        assertThat(now.resolve("tile/0/001.p")).doesNotExist();

        LogReport report = LogVerifier.verify(now, TestKeys.verifier());

        assertThat(report.inconsistency()).isEmpty();
        assertThat(report.leaves()).isEqualTo(SIZE);
    }

    @Test
    void anotherLogsKeyIsRefused() throws IOException {
        String other = new String(storage.read("checkpoint").orElseThrow(), StandardCharsets.UTF_8)
                .replace("testdata", "other");
        Files.writeString(log.resolve("checkpoint"), other);
        expectFault("checkpoint");
    }
}
