package dev.postern.auditing.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.auditing.TestSigner;
import dev.postern.tlog.LogReport;
import dev.postern.tlog.LogVerifier;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the files of a log do wherever they lie: a directory and a bucket pass the same tests.
abstract class LogStorageContract {
    private static final NoteSigner SIGNER = new TestSigner().of("example.com/log");

    /// A new and empty one.
    abstract LogStorage storage() throws Exception;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<String> text(LogStorage storage, String path) throws IOException {
        return storage.read(path).map(content -> new String(content, StandardCharsets.UTF_8));
    }

    @Test
    void fileWhenItIsNotThereThenEmpty() throws Exception {
        assertThat(storage().read("tile/0/000")).isEmpty();
    }

    @Test
    void fileWhenCreatedThenReadAsItIsAndCreatedAgainTheSame() throws Exception {
        LogStorage storage = storage();
        storage.create("tile/0/000", bytes("a tile"));
        storage.create("tile/0/000", bytes("a tile"));
        storage.create("tile/entries/x001/234", new byte[0]);
        assertThat(text(storage, "tile/0/000")).contains("a tile");
        assertThat(text(storage, "tile/entries/x001/234")).contains("");
    }

    @Test
    void fileWhenAnotherIsCreatedInItsPlaceThenRefusedAndUnchanged() throws Exception {
        LogStorage storage = storage();
        storage.create("tile/0/000", bytes("a tile"));
        assertThatIOException()
                .isThrownBy(() -> storage.create("tile/0/000", bytes("a tilt")))
                .withMessageContaining("published files never change");
        assertThat(text(storage, "tile/0/000")).contains("a tile");
    }

    @Test
    void checkpointWhenReplacedThenTheNewOne() throws Exception {
        LogStorage storage = storage();
        storage.replace(LogStorage.CHECKPOINT, bytes("one"));
        storage.replace(LogStorage.CHECKPOINT, bytes("two"));
        assertThat(text(storage, LogStorage.CHECKPOINT)).contains("two");
    }

    @Test
    void partialsWhenDeletedThenThoseOfThatTileOnly() throws Exception {
        LogStorage storage = storage();
        Tile full = new Tile(0, 1, Tile.FULL);
        for (Tile tile : new Tile[] {full.withWidth(1), full.withWidth(17), full, new Tile(0, 2, 17)}) {
            storage.create(tile.path(), bytes("x"));
        }
        storage.deletePartials(full);
        storage.deletePartials(full);
        assertThat(storage.read(full.withWidth(1).path())).isEmpty();
        assertThat(storage.read(full.withWidth(17).path())).isEmpty();
        assertThat(storage.read(full.path())).isPresent();
        assertThat(storage.read(new Tile(0, 2, 17).path())).isPresent();
    }

    @Test
    void logWhenItGrowsAndIsOpenedAgainThenItVerifies() throws Exception {
        LogStorage storage = storage();
        TiledLog log = TiledLog.open(storage, SIGNER);
        int entries = 0;
        for (int size : new int[] {1, 255, 256, 257, 515}) {
            while (entries < size) {
                log.append(bytes("entry " + entries++));
            }
            log.publish();
            LogReport report = LogVerifier.verifyServed(storage, SIGNER.verifier(), PriorKnowledge.NONE, (_, _) -> {});
            assertThat(report.sound()).as("%s", report).isTrue();
            assertThat(report.leaves()).isEqualTo(size);
            log = TiledLog.open(storage, SIGNER);
        }
        assertThat(storage.read("tile/entries/000.p/255")).isEmpty();
    }
}
