package dev.postern.tlog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.tlog.LogReport;
import dev.postern.tlog.LogVerifier;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tree.Hash;
import dev.postern.tlog.tree.MerkleProofs;
import dev.postern.tlog.tree.NaiveTree;
import dev.postern.tlog.tree.ProofCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TiledLogTest {

    private static byte[] entry(long i) {
        return ("entry " + i).getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> entries(int size) {
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            entries.add(entry(i));
        }
        return entries;
    }

    private static MemoryStorage build(int size, int every) throws IOException {
        MemoryStorage storage = new MemoryStorage();
        TiledLog log = TiledLog.open(storage, TestKeys.signer());
        for (int i = 0; i < size; i++) {
            log.append(entry(i));
            if ((i + 1) % every == 0) {
                log.publish();
            }
        }
        log.publish();
        return storage;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000})
    void layoutAndRootOfEverySizeInTheTable(int size, @TempDir Path directory) throws IOException {
        MemoryStorage storage = build(size, Integer.MAX_VALUE);

        Set<String> expected = new HashSet<>(Set.of("checkpoint"));
        for (Tile tile : Tile.allIn(size)) {
            expected.add(tile.path());
            if (tile.level() == 0) {
                expected.add(new Tile(Tile.ENTRIES, tile.index(), tile.width()).path());
            }
        }
        assertThat(storage.files().keySet()).isEqualTo(expected);

        storage.writeTo(directory);
        LogReport report = LogVerifier.verify(directory, TestKeys.verifier());
        assertThat(report.inconsistency()).isEmpty();
        assertThat(report.leaves()).isEqualTo(size);
        assertThat(report.checkpoint().orElseThrow().root()).isEqualTo(NaiveTree.root(entries(size)));
    }

    @Test
    void fileOfATileWhenAWiderOneTookItsPlaceThenItsBeginning() throws IOException {
        MemoryStorage early = build(10, Integer.MAX_VALUE);
        MemoryStorage late = build(300, 10);
        for (Tile tile : List.of(new Tile(Tile.ENTRIES, 0, 10), new Tile(0, 0, 10))) {
            assertThat(late.read(tile.path())).isEmpty();
            assertThat(TiledLog.file(late, tile)).isEqualTo(early.files().get(tile.path()));
        }
        assertThatIOException().isThrownBy(() -> TiledLog.file(late, new Tile(0, 7, 10)));
    }

    @Test
    void seventyThousandLeavesMakeTheseTiles() {
        List<Tile> tiles = Tile.allIn(70_000);
        assertThat(tiles.stream().filter(tile -> tile.level() == 0 && tile.isFull()))
                .hasSize(273);
        assertThat(tiles.stream()
                        .filter(tile -> tile.level() > 0 || !tile.isFull())
                        .map(Tile::path))
                .containsExactly("tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1");
    }

    @Test
    void theRhythmOfPublishingChangesNothing() throws IOException {
        MemoryStorage atOnce = build(700, Integer.MAX_VALUE);
        MemoryStorage often = build(700, 7);
        assertThat(often.files()).containsAllEntriesOf(atOnce.files());
        assertThat(often.files().keySet())
                .as("partial tiles go once the full tile is there")
                .noneMatch(path -> path.startsWith("tile/0/000.p") || path.startsWith("tile/entries/001.p"));
    }

    @Test
    void everyInclusionProofUpTo70IsTheNaiveOneAndVerifies() throws IOException {
        for (int size = 1; size <= 70; size++) {
            List<byte[]> entries = entries(size);
            MerkleProofs proofs = TiledLog.proofs(build(size, Integer.MAX_VALUE), size);
            Hash root = NaiveTree.root(entries);
            assertThat(proofs.root(size)).isEqualTo(root);
            for (int i = 0; i < size; i++) {
                List<Hash> proof = proofs.inclusion(i, size);
                assertThat(proof).isEqualTo(NaiveTree.path(i, entries));
                assertThat(ProofCheck.included(i, size, Hash.leaf(entry(i)), proof, root))
                        .isTrue();
                assertThat(ProofCheck.included(i, size, Hash.leaf(entry(i + 1)), proof, root))
                        .isFalse();
                assertThat(ProofCheck.included(size, size, Hash.leaf(entry(i)), proof, root))
                        .isFalse();
                if (!proof.isEmpty()) {
                    assertThat(ProofCheck.included(i, size, Hash.leaf(entry(i)), proof.subList(1, proof.size()), root))
                            .isFalse();
                    Hash inner = (i & 1) == 0
                            ? Hash.node(Hash.leaf(entry(i)), proof.getFirst())
                            : Hash.node(proof.getFirst(), Hash.leaf(entry(i)));
                    assertThat(ProofCheck.included(i, size, inner, proof.subList(1, proof.size()), root))
                            .as("an inner node is no leaf")
                            .isFalse();
                }
            }
        }
    }

    @Test
    void everyConsistencyProofUpTo70IsTheNaiveOneAndVerifies() throws IOException {
        for (int size = 1; size <= 70; size++) {
            List<byte[]> entries = entries(size);
            MerkleProofs proofs = TiledLog.proofs(build(size, Integer.MAX_VALUE), size);
            Hash root = NaiveTree.root(entries);
            for (int old = 1; old <= size; old++) {
                Hash oldRoot = NaiveTree.root(entries.subList(0, old));
                List<Hash> proof = proofs.consistency(old, size);
                assertThat(proof).isEqualTo(NaiveTree.proof(old, entries));
                assertThat(ProofCheck.consistent(old, oldRoot, size, root, proof))
                        .isTrue();
                assertThat(ProofCheck.consistent(old, root, size, oldRoot, proof))
                        .isEqualTo(old == size);
                if (old > 1) {
                    Hash other = NaiveTree.root(entries.subList(0, old - 1));
                    assertThat(ProofCheck.consistent(old, other, size, root, proof))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void proofsInALargeTreeComeFromItsTiles() throws IOException {
        int size = 70_000;
        MemoryStorage storage = build(size, Integer.MAX_VALUE);
        Hash root = TiledLog.open(storage, TestKeys.signer()).published().root();
        Random random = new Random(3);
        for (int k = 0; k < 200; k++) {
            int index = k < 3 ? new int[] {0, 65_536, size - 1}[k] : random.nextInt(size);
            byte[] entry = TiledLog.entry(storage, index, size);
            assertThat(entry).isEqualTo(entry(index));
            List<Hash> proof = TiledLog.proofs(storage, size).inclusion(index, size);
            assertThat(ProofCheck.included(index, size, Hash.leaf(entry), proof, root))
                    .isTrue();
        }
        Hash early = NaiveTree.root(entries(257));
        assertThat(ProofCheck.consistent(
                        257, early, size, root, TiledLog.proofs(storage, size).consistency(257, size)))
                .isTrue();
    }

    /// A crash at every storage operation, with and without effect: the log opens, goes on from its published size with
    /// the same
    /// entries, and ends as if nothing had happened. Nothing published is ever taken back.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failureAtEveryOperation(boolean takesEffect) throws IOException {
        MemoryStorage undisturbed = build(600, 50);
        for (int operations = 0; ; operations++) {
            MemoryStorage storage = new MemoryStorage();
            storage.failAfter(operations, takesEffect);
            long published = grow(storage);
            if (!storage.failed()) {
                break;
            }
            storage.failAfter(Integer.MAX_VALUE, false);
            TiledLog again = TiledLog.open(storage, TestKeys.signer());
            assertThat(again.size()).isGreaterThanOrEqualTo(published);
            grow(storage);
            assertThat(storage.files()).containsAllEntriesOf(undisturbed.files());
        }
    }

    /// Publishes at every multiple of 50, wherever it begins.
    private static long grow(MemoryStorage storage) {
        long published = 0;
        try {
            TiledLog log = TiledLog.open(storage, TestKeys.signer());
            published = log.size();
            while (log.size() < 600) {
                log.append(entry(log.size()));
                if (log.size() % 50 == 0) {
                    Checkpoint checkpoint = log.publish();
                    published = checkpoint.size();
                }
            }
        } catch (IOException _) {
            // The operation that was to fail.
        }
        return published;
    }

    @Test
    void aDirectoryHoldsTheSameFiles(@TempDir Path directory) throws IOException {
        LogDirectory storage = new LogDirectory(directory);
        TiledLog log = TiledLog.open(storage, TestKeys.signer());
        for (int i = 0; i < 300; i++) {
            log.append(entry(i));
            if (i % 100 == 99) {
                log.publish();
            }
        }
        log = TiledLog.open(storage, TestKeys.signer());
        assertThat(log.size()).isEqualTo(300);
        assertThat(LogVerifier.verify(directory, TestKeys.verifier()).sound()).isTrue();
        assertThat(directory.resolve("tile/0/000.p")).doesNotExist();
        assertThatIOException()
                .isThrownBy(() -> storage.create("tile/0/000", new byte[8192]))
                .withMessageContaining("never change");
        storage.create("tile/0/000", storage.read("tile/0/000").orElseThrow());
    }

    @Test
    void aCheckpointOfAnotherKeyOrATamperedEdgeStopsTheWriter() throws IOException {
        MemoryStorage storage = build(10, 10);
        byte[] tile = storage.read("tile/0/000.p/10").orElseThrow();
        tile[5] ^= 1;
        assertThatIOException().isThrownBy(() -> TiledLog.open(storage, TestKeys.signer()));
        tile[5] ^= 1;
        byte[] note = storage.read("checkpoint").orElseThrow();
        note[note.length - 10] ^= 1;
        assertThatIOException().isThrownBy(() -> TiledLog.open(storage, TestKeys.signer()));
    }
}
