package dev.postern.auditing.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.audit.root.RootEntry;
import dev.postern.audit.spool.Spool;
import dev.postern.audit.spool.SpoolSettings;
import dev.postern.auditing.FaultyStorage;
import dev.postern.auditing.TestSigner;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardName;
import dev.postern.test.MutableClock;
import dev.postern.tlog.LogReport;
import dev.postern.tlog.LogVerifier;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootLogTest {
    private static final String PREFIX = "localhost/audit";
    private static final TestSigner SIGNER = new TestSigner();

    @TempDir
    Path home;

    private final MutableClock clock = MutableClock.atNoon();

    private ShardFiles files() {
        return new ShardFiles(home, PREFIX);
    }

    private static RootLog open(ShardFiles files) throws IOException {
        return RootLog.open(files, SIGNER.of(PREFIX + "/root"), new Random(1));
    }

    private RootEntry entry(int number) {
        return new RootEntry.EpochDestroyed(
                clock.instant(), "2026-%02d-%02d".formatted(number / 28 + 1, number % 28 + 1));
    }

    private static List<RootEntry> verified(Path home) throws IOException {
        NoteVerifier key = NoteVerifier.parse(
                        Files.readString(home.resolve("vkeys/root.vkey")).strip())
                .orElseThrow();
        List<RootEntry> entries = new ArrayList<>();
        LogReport report = LogVerifier.verify(
                home.resolve("log").resolve(PREFIX).resolve("root"),
                key,
                PriorKnowledge.NONE,
                (_, leaf) -> entries.add(RootEntry.parse(leaf).orElseThrow()));
        assertThat(report.inconsistency()).isEmpty();
        return entries;
    }

    @Test
    void entriesWhenAppendedThenPublishedInOrderAndReadAfterARestart() throws Exception {
        List<RootEntry> expected = new ArrayList<>();
        for (int start = 0; start < 3; start++) {
            try (RootLog root = open(files())) {
                assertThat(root.state().destroyedDays()).isEqualTo(expected.size());
                for (int i = 0; i < 100; i++) {
                    expected.add(entry(start * 100 + i));
                    root.append(expected.getLast());
                }
                assertThat(root.size()).isEqualTo(expected.size());
            }
        }
        assertThat(verified(home)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyWriteWhenItFailsThenNothingMoreIsTakenAndARestartHasWhatWasAppendedOnce(boolean done) throws Exception {
        boolean failed = true;
        for (int call = 0; failed; call++) {
            Path directory = Files.createDirectory(home.resolve("at-" + call));
            AtomicInteger calls = new AtomicInteger(-1);
            int broken = call;
            ShardFiles files = new ShardFiles(
                    directory,
                    PREFIX,
                    storage -> new FaultyStorage(storage, () -> calls.incrementAndGet() == broken, done));
            List<RootEntry> appended = new ArrayList<>();
            failed = appendUntilBroken(files, appended);
            try (RootLog again = open(new ShardFiles(directory, PREFIX))) {
                again.append(entry(28));
                assertThat(again.state().destroyedDays())
                        .as("after call " + call)
                        .isBetween(appended.size() + 1, appended.size() + 2);
                appended.forEach(one -> assertThat(
                                again.state().isDestroyed(LocalDate.parse(((RootEntry.EpochDestroyed) one).day())))
                        .isTrue());
            }
            List<RootEntry> entries = verified(directory);
            assertThat(entries).containsAll(appended).doesNotHaveDuplicates();
        }
    }

    /// Whether a write failed.
    private boolean appendUntilBroken(ShardFiles files, List<RootEntry> appended) throws IOException {
        RootLog root;
        try {
            root = open(files);
        } catch (IOException _) {
            return true;
        }
        try (root) {
            for (int i = 0; i < 4; i++) {
                root.append(entry(i));
                appended.add(entry(i));
            }
            return false;
        } catch (IOException _) {
            assertThat(root.writable()).isFalse();
            assertThatIOException().isThrownBy(() -> root.append(entry(27))).withMessageContaining("restart");
            return true;
        }
    }

    @Test
    void rootLogWhenAlteredThenNotOpened() throws Exception {
        try (RootLog root = open(files())) {
            root.append(entry(0));
        }
        Path checkpoint = home.resolve("log").resolve(PREFIX).resolve("root/checkpoint");
        Files.writeString(checkpoint, Files.readString(checkpoint).replaceFirst("\n1\n", "\n2\n"));
        assertThatIOException().isThrownBy(() -> open(files()));
    }

    @Test
    void rootLogWhenItsWriteAheadLogIsGoneThenNotOpened() throws Exception {
        try (RootLog root = open(files())) {
            root.append(entry(0));
        }
        try (Stream<Path> all = Files.list(home.resolve("wal/root"))) {
            for (Path file : all.toList()) {
                Files.delete(file);
            }
        }
        assertThatIOException().isThrownBy(() -> open(files())).withMessageContaining("lacks entries");
    }

    @Test
    void leafOfALaterReleaseWhenReadThenKeptAndNotUnderstood() throws Exception {
        ShardFiles files = files();
        try (RootLog root = open(files)) {
            root.append(entry(0));
        }
        try (Spool wal = Spool.open(new SpoolSettings(home.resolve("wal/root"), 256 << 10, 64L << 20), new Random(2))) {
            wal.append(_ -> "{\"type\":\"later\"}".getBytes(StandardCharsets.UTF_8))
                    .join();
        }
        try (RootLog root = open(files)) {
            assertThat(root.size()).isEqualTo(2);
            root.append(entry(1));
            assertThat(root.state().destroyedDays()).isEqualTo(2);
        }
    }

    private TiledLog shard(String name) throws IOException {
        ShardFiles files = files();
        ShardName shard = new ShardName(name);
        NoteSigner signer = SIGNER.of(files.origin(shard));
        Files.createDirectories(home.resolve("vkeys"));
        Files.writeString(home.resolve("vkeys").resolve(name + ".vkey"), signer.verifier() + "\n");
        TiledLog log = TiledLog.open(files.log(shard), signer);
        log.append(name.getBytes(StandardCharsets.UTF_8));
        log.publish();
        return log;
    }

    @Test
    void shardsWhenTheyBeganAndEndedThenRecordedOnceWithKeyAndLastCheckpoint() throws Exception {
        ShardFiles files = files();
        shard("2026w47");
        shard("2026w48");
        try (RootLog root = open(files)) {
            ShardRecords records = new ShardRecords(files, root, clock);
            records.bringUp();
            records.bringUp();
            assertThat(root.size()).isEqualTo(3);
            assertThat(root.state().shard("2026w47").vkey()).isEqualTo(files.vkey(new ShardName("2026w47")));
            assertThat(root.state().shard("2026w47").checkpoint())
                    .hasValueSatisfying(note -> assertThat(note).startsWith(PREFIX + "/2026w47\n1\n"));
            assertThat(root.state().shard("2026w48").checkpoint()).as("goes on").isEmpty();
            shard("2026w49");
            records.bringUp();
            assertThat(root.state().shard("2026w48").checkpoint()).isPresent();
            assertThat(root.size()).isEqualTo(5);
        }
    }

    @Test
    void deletionWhenCutShortThenFinished() throws Exception {
        ShardFiles files = files();
        shard("2026w47");
        shard("2026w48");
        try (RootLog root = open(files)) {
            ShardRecords records = new ShardRecords(files, root, clock);
            records.bringUp();
            root.append(new RootEntry.ShardDeleted(clock.instant(), "2026w47"));
            Files.delete(home.resolve("vkeys/2026w47.vkey"));
            records.finishDeletions();
            assertThat(files.exists(new ShardName("2026w47"))).isFalse();
            assertThat(files.shards()).extracting(ShardName::value).containsExactly("2026w48");
            records.finishDeletions();
        }
    }
}
