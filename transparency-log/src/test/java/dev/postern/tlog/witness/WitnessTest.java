package dev.postern.tlog.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.CosignatureSigner;
import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.note.SignedNote;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.MemoryStorage;
import dev.postern.tlog.store.TestKeys;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WitnessTest {

    private static final Instant NOW = Instant.parse("2026-11-26T09:00:00Z");
    private static final CosignatureVerifier KEY = CosignatureVerifier.parse(
                    "witness.example.com/w1+82ccc88e+BOHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
            .orElseThrow();

    @TempDir
    Path state;

    private final MemoryStorage storage = new MemoryStorage();
    private TiledLog log;
    private Witness witness;

    @BeforeEach
    void start() throws IOException {
        log = TiledLog.open(storage, TestKeys.signer());
        witness = witness(new LogDirectory(state));
    }

    private static Witness witness(LogStorage files) {
        return new Witness(
                origin -> origin.equals(TestKeys.ORIGIN) ? List.of(TestKeys.verifier()) : List.of(),
                new WitnessState(files),
                new CosignatureSigner(KEY, TestKeys.signer().signature()),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private void growTo(int size) throws IOException {
        for (long i = log.size(); i < size; i++) {
            log.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
        }
        log.publish();
    }

    private byte[] note() {
        return storage.read(LogStorage.CHECKPOINT).orElseThrow();
    }

    private AddCheckpoint request(long old) throws IOException {
        long size = log.published().size();
        List<Hash> proof = old == 0 ? List.of() : TiledLog.proofs(storage, size).consistency(old, size);
        return new AddCheckpoint(old, proof, note());
    }

    private WitnessAnswer add(AddCheckpoint request) throws IOException {
        return witness.add(request.bytes());
    }

    private void expectCosigned(WitnessAnswer answer) {
        assertThat(answer).isInstanceOfSatisfying(WitnessAnswer.Cosigned.class, cosigned -> {
            String text = SignedNote.text(note()).orElseThrow();
            assertThat(KEY.verify(text, cosigned.lines().strip()).orElseThrow().time())
                    .isEqualTo(NOW);
        });
    }

    @Test
    void addWhenTheLogGrowsThenEachCheckpointIsCosigned() throws IOException {
        long known = 0;
        for (int size : List.of(0, 1, 2, 255, 256, 257, 300, 530)) {
            growTo(size);
            expectCosigned(add(request(known)));
            expectCosigned(add(request(size)));
            known = size;
        }
    }

    @Test
    void addWhenTheOldSizeIsAnotherThenSaysWhichItHas() throws IOException {
        growTo(10);
        expectCosigned(add(request(0)));
        growTo(20);
        assertThat(add(request(0))).isEqualTo(new WitnessAnswer.Conflict(10));
        assertThat(add(request(9))).isEqualTo(new WitnessAnswer.Conflict(10));
        expectCosigned(add(request(10)));
    }

    @Test
    void addWhenTheLogWasRewrittenThenNeverCosigns() throws IOException {
        growTo(10);
        expectCosigned(add(request(0)));
        MemoryStorage other = new MemoryStorage();
        TiledLog rewritten = TiledLog.open(other, TestKeys.signer());
        for (int i = 0; i < 20; i++) {
            rewritten.append(new byte[] {(byte) i});
            rewritten.publish();
            long size = rewritten.published().size();
            byte[] note = other.read(LogStorage.CHECKPOINT).orElseThrow();
            List<Hash> proof =
                    size <= 10 ? List.of() : TiledLog.proofs(other, size).consistency(10, size);
            WitnessAnswer answer = add(new AddCheckpoint(Math.min(10, size), proof, note));
            assertThat(answer).isEqualTo(size > 10 ? new WitnessAnswer.Inconsistent() : new WitnessAnswer.Conflict(10));
        }
        growTo(11);
        expectCosigned(add(request(10)));
    }

    @Test
    void addWhenTheSizeIsOlderThanTheKnownOneThenConflicts() throws IOException {
        growTo(10);
        AddCheckpoint early = request(0);
        growTo(20);
        expectCosigned(add(request(0)));
        assertThat(add(early)).isEqualTo(new WitnessAnswer.Conflict(20));
        assertThat(add(new AddCheckpoint(20, List.of(), early.note()))).isEqualTo(new WitnessAnswer.Malformed());
    }

    @Test
    void addWhenNobodySignedOrNobodyKnowsTheLogThenRefuses() throws IOException {
        growTo(10);
        String note = new String(note(), StandardCharsets.UTF_8);
        byte[] forged = note.replace("\n10\n", "\n11\n").getBytes(StandardCharsets.UTF_8);
        assertThat(add(new AddCheckpoint(0, List.of(), forged))).isEqualTo(new WitnessAnswer.NotSigned());
        byte[] other = note.replace("testdata\n", "other\n").getBytes(StandardCharsets.UTF_8);
        assertThat(add(new AddCheckpoint(0, List.of(), other))).isEqualTo(new WitnessAnswer.UnknownLog());
    }

    @Test
    void addWhenTheProofIsWrongThenRefusesAndStaysWhereItWas() throws IOException {
        growTo(10);
        assertThat(add(new AddCheckpoint(0, List.of(Hash.EMPTY), note()))).isEqualTo(new WitnessAnswer.Inconsistent());
        expectCosigned(add(request(0)));
        growTo(20);
        List<Hash> proof = new ArrayList<>(request(10).proof());
        proof.set(0, Hash.EMPTY);
        assertThat(add(new AddCheckpoint(10, proof, note()))).isEqualTo(new WitnessAnswer.Inconsistent());
        assertThat(add(new AddCheckpoint(10, List.of(), note()))).isEqualTo(new WitnessAnswer.Inconsistent());
        expectCosigned(add(request(10)));
    }

    /// The empty tree has one root only.
    @Test
    void addWhenAnEmptyTreeHasAnotherRootThenRefuses() throws IOException {
        Checkpoint wrong = new Checkpoint(TestKeys.ORIGIN, 0, Hash.leaf(new byte[0]));
        byte[] note = TestKeys.signer().sign(wrong.text()).getBytes(StandardCharsets.UTF_8);
        assertThat(add(new AddCheckpoint(0, List.of(), note))).isEqualTo(new WitnessAnswer.Inconsistent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "old 0\n", "old 0\n\n", "old 00\n\n", "old -1\n\n", "old 1\nabc\n\n", "new 0\n\n"})
    void addWhenTheBodyIsNoRequestThenMalformed(String head) throws IOException {
        growTo(3);
        String body = head.equals("old 0\n\n") ? head + "no note" : head;
        assertThat(witness.add(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(new WitnessAnswer.Malformed());
    }

    @ParameterizedTest
    @CsvSource({"63, true", "64, false"})
    void parseTakesAsManyLinesOfProofAsThereCanBe(int lines, boolean taken) {
        AddCheckpoint request = new AddCheckpoint(1, Collections.nCopies(lines, Hash.EMPTY), new byte[] {'x'});
        assertThat(AddCheckpoint.parse(request.bytes()).isPresent()).isEqualTo(taken);
    }

    @Test
    void addWhenAskedByTwoAtOnceThenTheRecordNeverGoesBack() throws Exception {
        growTo(10);
        expectCosigned(add(request(0)));
        List<Callable<WitnessAnswer>> rivals = new ArrayList<>();
        for (int size = 11; size <= 40; size++) {
            growTo(size);
            AddCheckpoint request = request(10);
            rivals.add(() -> add(request));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            long cosigned = 0;
            for (var answer : threads.invokeAll(rivals)) {
                cosigned += answer.get() instanceof WitnessAnswer.Cosigned ? 1 : 0;
            }
            assertThat(cosigned).isEqualTo(1);
        }
    }

    @Test
    void addWhenStartedAgainThenTheRecordIsThere() throws IOException {
        growTo(10);
        expectCosigned(add(request(0)));
        witness = witness(new LogDirectory(state));
        growTo(12);
        assertThat(add(request(0))).isEqualTo(new WitnessAnswer.Conflict(10));
        expectCosigned(add(request(10)));
    }

    @Test
    void addWhenTheRecordCannotBeWrittenOrReadThenThereIsNoCosignature() throws IOException {
        growTo(10);
        witness = witness(new LogStorage() {
            @Override
            public Optional<byte[]> read(String path) {
                return Optional.empty();
            }

            @Override
            public void create(String path, byte[] content) throws IOException {
                throw new IOException("EIO");
            }

            @Override
            public void replace(String path, byte[] content) throws IOException {
                throw new IOException("EIO");
            }

            @Override
            public void deletePartials(Tile full) {}
        });
        assertThatThrownBy(() -> add(request(0))).isInstanceOf(IOException.class);

        witness = witness(new LogDirectory(state));
        expectCosigned(add(request(0)));
        try (var files = Files.list(state)) {
            Path record = files.findFirst().orElseThrow();
            Files.writeString(record, Files.readString(record).replace("\n10\n", "\n11\n"));
        }
        assertThatThrownBy(() -> add(request(0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }
}
