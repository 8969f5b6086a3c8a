package dev.postern.auditing.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.root.RootEntry;
import dev.postern.auditing.FaultyStorage;
import dev.postern.auditing.LogLines;
import dev.postern.auditing.TestSigner;
import dev.postern.auditing.root.RootLog;
import dev.postern.auditing.root.ShardRecords;
import dev.postern.auditing.s3.ObjectLock;
import dev.postern.auditing.s3.S3Bucket;
import dev.postern.auditing.s3.S3Credentials;
import dev.postern.auditing.s3.TestBucket;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardName;
import dev.postern.test.MutableClock;
import dev.postern.test.StrictS3;
import dev.postern.tlog.LogReport;
import dev.postern.tlog.LogVerifier;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.ShardReport;
import dev.postern.tlog.ShardsVerifier;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log in a directory, and its copy at an S3 server. Time begins now, as the server refuses locks of the past.
class LogCopierTest {
    private static final String PREFIX = "localhost/audit";
    private static final Duration KEPT = Duration.ofDays(97);
    private static final TestSigner SIGNER = new TestSigner();

    @TempDir
    Path home;

    private final MutableClock clock = MutableClock.atNoon();
    private Duration kept = KEPT;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private TestBucket owner;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private S3Bucket bucket;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private RootLog root;

    @SuppressWarnings("NullAway.Init") // Known before each test.
    private ShardName week;

    @BeforeEach
    void open() throws IOException {
        clock.set(Clock.systemUTC().instant());
        week = ShardName.at(clock.instant());
        owner = new TestBucket(home);
        bucket = owner.open("");
        root = RootLog.open(files(), SIGNER.of(PREFIX + "/root"), new Random(1));
    }

    @AfterEach
    void close() throws IOException {
        root.close();
        bucket.close();
        owner.close();
    }

    private ShardFiles files() {
        return new ShardFiles(home.resolve("audit"), PREFIX);
    }

    private CopyProperties settings() {
        return new CopyProperties(
                owner.name,
                StrictS3.REGION,
                null,
                "",
                owner.credentials,
                ObjectLock.Mode.COMPLIANCE,
                Duration.ofMinutes(1),
                Duration.ofMinutes(15));
    }

    private LogCopier copier(S3Bucket to, UnaryOperator<LogStorage> access) {
        return new LogCopier(files(), root, to, access, settings(), kept, clock);
    }

    private LogCopier copier() {
        return copier(bucket, UnaryOperator.identity());
    }

    /// Entries into the shard of the week, published; the root log hears of it.
    private void grow(String text, int entries) throws IOException {
        ShardName shard = ShardName.at(clock.instant());
        NoteSigner signer = SIGNER.of(PREFIX + "/" + shard);
        Path keys = Files.createDirectories(home.resolve("audit/vkeys"));
        Files.writeString(keys.resolve(shard + ".vkey"), signer.verifier() + "\n");
        TiledLog log = TiledLog.open(files().log(shard), signer);
        for (int i = 0; i < entries; i++) {
            log.append((text + i).getBytes(StandardCharsets.UTF_8));
        }
        log.publish();
        new ShardRecords(files(), root, clock).bringUp();
    }

    private List<ShardReport> verified(Path directory) throws IOException {
        Path copy = owner.download(Files.createDirectories(directory));
        return ShardsVerifier.verify(copy.resolve("log"), copy.resolve("vkeys"));
    }

    private String tile(ShardName shard, String path) {
        return "log/" + PREFIX + "/" + shard + "/tile/" + path;
    }

    private static Instant end(ShardName shard) {
        return shard.firstDay().plusDays(7).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    @Test
    void logsWhenCopiedThenADownloadVerifiesAndIsLockedToTheEndOfRetention() throws Exception {
        grow("first", 300);
        LogCopier copier = copier();
        copier.round();
        assertThat(copier.behind()).isZero();
        assertThat(copier.failures()).isZero();
        assertThat(verified(home.resolve("one")))
                .hasSize(2)
                .allMatch(shard -> shard.report().sound());
        assertThat(owner.lockedUntil(tile(week, "entries/000")))
                .contains(end(week).plus(Duration.ofDays(1)).plus(KEPT));
        assertThat(owner.lockedUntil("vkeys/" + week + ".vkey"))
                .contains(end(week).plus(Duration.ofDays(1)).plus(KEPT));
        assertThat(owner.lockedUntil(tile(week, "entries/001.p/44")))
                .as("what will be replaced")
                .isEmpty();

        grow("more", 212);
        clock.advance(Duration.ofDays(7));
        Instant ended = clock.instant();
        ShardName next = ShardName.at(ended);
        grow("next", 5);
        copier.round();
        assertThat(copier.behind()).isZero();
        assertThat(verified(home.resolve("two")))
                .hasSize(3)
                .allMatch(shard -> shard.report().sound());
        assertThat(owner.names())
                .doesNotContain(tile(week, "entries/001.p/44"))
                .contains("checkpoints/" + PREFIX + "/" + week + "/last/checkpoint", tile(next, "entries/000.p/5"));
        assertThat(owner.lockedUntil(tile(week, "0/001")))
                .contains(ended.plus(KEPT).truncatedTo(ChronoUnit.SECONDS));
        assertThat(owner.lockedUntil(tile(week, "1/000.p/2")))
                .as("nothing comes after it")
                .contains(ended.plus(KEPT).truncatedTo(ChronoUnit.SECONDS));
        assertThat(owner.lockedUntil("log/" + PREFIX + "/root/tile/entries/000.p/3"))
                .as("the root log is locked as it is, partial tiles too")
                .isPresent();
        assertThat(owner.lockedUntil("checkpoints/" + PREFIX + "/" + week + "/last/checkpoint"))
                .isPresent();
        assertThat(owner.lockedUntil("log/" + PREFIX + "/" + week + "/checkpoint"))
                .isEmpty();
    }

    @Test
    void nothingNewThenNothingIsWritten() throws Exception {
        grow("first", 3);
        copier().round();
        AtomicInteger writes = new AtomicInteger();
        copier(bucket, storage -> new FaultyStorage(storage, () -> writes.incrementAndGet() < 0, false))
                .round();
        assertThat(writes).as("the two keys are looked at").hasValue(2);
        assertThat(owner.versions("log/" + PREFIX + "/" + week + "/checkpoint")).isEqualTo(1);
    }

    @Test
    void anyWriteWhenItFailsThenTheCopyVerifiesAndTheNextProcessFinishesIt() throws Exception {
        grow("first", 257);
        AtomicInteger writes = new AtomicInteger();
        int all = Integer.MAX_VALUE;
        for (int failing = 1; failing <= all; failing++) {
            int at = failing;
            writes.set(0);
            try (S3Bucket part = owner.open("run" + failing + "/")) {
                LogCopier faulty = copier(
                        part, storage -> new FaultyStorage(storage, () -> writes.incrementAndGet() == at, at % 2 == 0));
                faulty.round();
                boolean failed = writes.get() >= at;
                assertThat(faulty.failures()).isEqualTo(failed ? 1 : 0);
                if (!failed) {
                    all = 0;
                }
                soundIfThere(part, PREFIX + "/" + week);
                soundIfThere(part, PREFIX + "/root");

                LogCopier next = copier(part, UnaryOperator.identity());
                next.round();
                assertThat(next.failures()).as("after write %s", at).isZero();
                assertThat(next.behind()).isZero();
                assertThat(soundIfThere(part, PREFIX + "/" + week)).isEqualTo(257);
                assertThat(soundIfThere(part, PREFIX + "/root")).isEqualTo(root.size());
            }
        }
        assertThat(writes.get()).isGreaterThan(10);
    }

    private static long soundIfThere(S3Bucket bucket, String origin) throws IOException {
        if (bucket.read("log/" + origin + "/checkpoint").isEmpty()) {
            return 0;
        }
        LogReport report = LogVerifier.verifyServed(
                path -> bucket.read("log/" + origin + "/" + path),
                SIGNER.of(origin).verifier(),
                PriorKnowledge.NONE,
                (_, _) -> {});
        assertThat(report.sound()).as("%s", report).isTrue();
        return report.leaves();
    }

    @Test
    void copyWhenItIsOfAnotherHistoryThenLeftAsItIsAndTold() throws Exception {
        grow("first", 20);
        copier().round();
        byte[] before = owner.content("log/" + PREFIX + "/" + week + "/checkpoint");
        // The same key signs another history, and a longer one.
        files().delete(week);
        grow("other", 30);
        byte[] rootBefore = owner.content("log/" + PREFIX + "/root/checkpoint");
        root.append(new RootEntry.EpochDestroyed(clock.instant(), "2026-11-26"));
        LogCopier copier = copier();
        copier.round();
        assertThat(owner.content("log/" + PREFIX + "/root/checkpoint"))
                .as("the root log does not tell of more than there is")
                .isEqualTo(rootBefore);
        assertThat(copier.contradictions()).isEqualTo(1);
        assertThat(owner.content("log/" + PREFIX + "/" + week + "/checkpoint")).isEqualTo(before);
        clock.advance(Duration.ofMinutes(16));
        assertThat(copier.isStale()).isTrue();
        // And one that was cut back.
        files().delete(week);
        grow("first", 10);
        LogCopier again = copier();
        again.round();
        assertThat(again.contradictions()).isEqualTo(1);
    }

    @Test
    void serverWhenItIsAwayThenTheCopyLiesBehindAndNothingMayBeDeleted() throws Exception {
        grow("first", 20);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        S3Bucket.Place place =
                new S3Bucket.Place(owner.name, StrictS3.REGION, URI.create("http://127.0.0.1:" + port), "");
        try (S3Bucket away = S3Bucket.open(place, S3Credentials.in(owner.credentials))) {
            LogCopier copier = copier(away, UnaryOperator.identity());
            copier.round();
            assertThat(copier.failures()).isEqualTo(1);
            assertThat(copier.behind()).isEqualTo(20 + root.size());
            assertThat(copier.isStale()).isFalse();
            clock.advance(Duration.ofMinutes(16));
            assertThat(copier.isStale()).isTrue();
            assertThat(copier.mayDelete(week)).isFalse();
        }
    }

    @Test
    void shardWhenItWasReadBackWholeThenItMayBeDeletedAndNotBefore() throws Exception {
        grow("first", 300);
        LogCopier copier = copier();
        copier.round();
        assertThat(copier.mayDelete(week)).isFalse();
        copier.round();
        assertThat(copier.mayDelete(week)).as("it is being written").isFalse();
        clock.advance(Duration.ofDays(7));
        grow("next", 1);
        copier.round();
        assertThat(copier.mayDelete(week)).isTrue();
    }

    @Test
    void shardWhenAFileOfItsCopyIsAnotherThenItIsNeverDeleted() throws Exception {
        grow("first", 300);
        clock.advance(Duration.ofDays(7));
        grow("next", 1);
        copier().round();
        byte[] bundle = owner.content(tile(week, "entries/000"));
        bundle[100] ^= 1;
        owner.put(tile(week, "entries/000"), bundle);
        LogCopier copier = copier();
        assertThat(copier.mayDelete(week)).isFalse();
        copier.round();
        assertThat(copier.mayDelete(week)).isFalse();
        assertThat(copier.contradictions()).isEqualTo(1);
    }

    @Test
    void retentionWhenItIsShortenedThenLocksStayAndCopyingGoesOn() throws Exception {
        grow("first", 300);
        clock.advance(Duration.ofDays(7));
        Instant ended = clock.instant();
        grow("next", 1);
        copier().round();
        kept = Duration.ofDays(30);
        grow("more", 1);
        LogCopier copier = copier();
        copier.round();
        assertThat(copier.failures()).isZero();
        assertThat(copier.behind()).isZero();
        assertThat(owner.lockedUntil(tile(week, "entries/001.p/44")))
                .contains(ended.plus(KEPT).truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    void holdWhenPlacedThenOnTheCopyAndOffWhenReleased() throws Exception {
        grow("first", 300);
        LogCopier copier = copier();
        copier.round();
        root.append(new RootEntry.HoldPlaced(clock.instant(), "case-7", Set.of(week.value())));
        copier.round();
        assertThat(owner.held(tile(week, "entries/000"))).isTrue();
        assertThat(owner.held("vkeys/" + week + ".vkey")).isTrue();
        assertThat(owner.held(tile(week, "entries/001.p/44"))).isFalse();

        grow("second", 212);
        grow("third", 1);
        clock.advance(Duration.ofDays(7));
        grow("next", 260);
        copier.round();
        assertThat(owner.held(tile(week, "entries/001"))).as("made meanwhile").isTrue();
        assertThat(owner.held(tile(week, "entries/002.p/1"))).as("of its end").isTrue();
        assertThat(owner.held(tile(ShardName.at(clock.instant()), "entries/000")))
                .as("not held")
                .isFalse();

        root.append(new RootEntry.HoldReleased(clock.instant(), "case-7"));
        copier().round();
        assertThat(owner.held(tile(week, "entries/001"))).isFalse();
        assertThat(owner.held(tile(week, "entries/002.p/1"))).isFalse();
        assertThat(owner.held("vkeys/" + week + ".vkey")).isFalse();
    }

    @Test
    void keysWhenHeldThenTheSecondOneToo() throws Exception {
        grow("first", 1);
        Files.writeString(home.resolve("audit/vkeys").resolve(week + ".mldsa44"), "its second key\n");
        root.append(new RootEntry.HoldPlaced(clock.instant(), "case-7", Set.of(week.value())));
        LogCopier copier = copier();
        copier.round();
        root.append(new RootEntry.HoldReleased(clock.instant(), "case-7"));
        copier.round();
        assertThat(owner.held("vkeys/" + week + ".mldsa44")).isFalse();
        root.append(new RootEntry.HoldPlaced(clock.instant(), "case-8", Set.of(week.value())));
        copier.round();
        assertThat(owner.held("vkeys/" + week + ".mldsa44")).isTrue();
    }

    private void refuseHoldsOfKeys() {
        owner.refuse(request -> request.contains("/vkeys/") && request.contains("?legal-hold"));
    }

    @Test
    void releaseWhenItFailsHalfWayAndANewHoldFollowsThenEverythingIsHeldAgain() throws Exception {
        grow("first", 300);
        root.append(new RootEntry.HoldPlaced(clock.instant(), "case-7", Set.of(week.value())));
        LogCopier copier = copier();
        copier.round();
        refuseHoldsOfKeys();
        root.append(new RootEntry.HoldReleased(clock.instant(), "case-7"));
        copier.round();
        assertThat(copier.failures()).isEqualTo(1);
        assertThat(owner.held(tile(week, "entries/000"))).as("released already").isFalse();
        owner.refuse(_ -> false);
        root.append(new RootEntry.HoldPlaced(clock.instant(), "case-8", Set.of(week.value())));
        copier.round();
        assertThat(owner.held(tile(week, "entries/000"))).isTrue();
        assertThat(owner.held("vkeys/" + week + ".vkey")).isTrue();
    }

    @Test
    void holdWhenItFailsHalfWayAndIsReleasedThenNothingIsHeld() throws Exception {
        grow("first", 300);
        LogCopier copier = copier();
        copier.round();
        refuseHoldsOfKeys();
        root.append(new RootEntry.HoldPlaced(clock.instant(), "case-7", Set.of(week.value())));
        copier.round();
        assertThat(owner.held(tile(week, "entries/000"))).as("held already").isTrue();
        owner.refuse(_ -> false);
        root.append(new RootEntry.HoldReleased(clock.instant(), "case-7"));
        copier().round();
        assertThat(owner.held(tile(week, "entries/000"))).isFalse();
    }

    /// A legal hold has kept it, and the bucket is new.
    @Test
    void shardWhenItsRetentionIsOverThenCopiedAndLockedForADay() throws Exception {
        Instant now = clock.instant();
        clock.set(now.minus(KEPT).minus(Duration.ofDays(21)));
        ShardName old = ShardName.at(clock.instant());
        grow("old", 300);
        clock.advance(Duration.ofDays(7));
        grow("next", 1);
        clock.set(now);
        LogCopier copier = copier();
        copier.round();
        assertThat(copier.failures()).isZero();
        assertThat(copier.behind()).isZero();
        assertThat(owner.lockedUntil(tile(old, "entries/000")))
                .contains(now.plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS));
        assertThat(owner.names()).contains("log/" + PREFIX + "/root/checkpoint");
    }

    @Test
    void shardWhenItEndsLongAfterItsWeekThenEverythingOfItIsLockedAnew() throws Exception {
        grow("first", 300);
        copier().round();
        Instant ended = end(week).plus(Duration.ofDays(3));
        clock.set(ended);
        grow("next", 1);
        copier().round();
        for (String object : List.of(
                tile(week, "entries/000"),
                tile(week, "0/000"),
                tile(week, "entries/001.p/44"),
                "vkeys/" + week + ".vkey",
                "checkpoints/" + PREFIX + "/" + week + "/last/checkpoint")) {
            assertThat(owner.lockedUntil(object)).as(object).contains(ended.plus(KEPT));
        }
    }

    @Test
    void checkpointOfAnEndedShardWhenItIsCosignedLaterThenKeptBesideTheFirst() throws Exception {
        grow("first", 3);
        clock.advance(Duration.ofDays(7));
        grow("next", 1);
        LogCopier copier = copier();
        copier.round();
        String last = "checkpoints/" + PREFIX + "/" + week + "/last";
        LogStorage log = files().log(week);
        String note = new String(log.read(LogStorage.CHECKPOINT).orElseThrow(), StandardCharsets.UTF_8);
        String cosigned = note + "\u2014 witness.example.com/w1 " + "QUJD".repeat(20) + "\n";
        log.replace(LogStorage.CHECKPOINT, cosigned.getBytes(StandardCharsets.UTF_8));
        copier.round();
        copier().round();
        assertThat(owner.content(last + "/checkpoint"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(note);
        assertThat(owner.content(last + "-1/checkpoint"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(cosigned);
        assertThat(owner.lockedUntil(last + "-1/checkpoint")).isPresent();
        assertThat(owner.names()).doesNotContain(last + "-2/checkpoint");
    }

    @Test
    void directoryWhenItCannotBeReadThenARoundEndsAllTheSame() throws Exception {
        grow("first", 3);
        ShardFiles broken = new ShardFiles(home.resolve("audit"), PREFIX, _ -> {
            throw new UncheckedIOException(new IOException("EIO"));
        });
        LogCopier copier = new LogCopier(broken, root, bucket, UnaryOperator.identity(), settings(), kept, clock);
        copier.round();
        assertThat(copier.failures()).isEqualTo(1);
        assertThat(copier.behind()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void failureWhenItGoesOnThenToldOnceAndAgainAfterItWasOver() throws Exception {
        grow("first", 3);
        LogCopier copier = copier();
        copier.round();
        try (LogLines said = LogLines.of(LogCopier.class)) {
            for (int time = 1; time <= 2; time++) {
                owner.refuse(request -> request.startsWith("PUT "));
                grow("more" + time, 1);
                copier.round();
                copier.round();
                assertThat(said.with("the audit log is not copied now")).hasSize(time);
                owner.refuse(_ -> false);
                copier.round();
                assertThat(copier.behind()).isZero();
            }
        }
    }

    @Test
    void contradictionWhenItsTextChangesThenToldOnce() throws Exception {
        grow("first", 20);
        copier().round();
        files().delete(week);
        LogCopier copier = copier();
        try (LogLines said = LogLines.of(LogCopier.class)) {
            for (int round = 1; round <= 3; round++) {
                grow("other" + round, 1);
                copier.round();
            }
            assertThat(copier.contradictions()).isEqualTo(3);
            assertThat(said.with("is not the log's")).hasSize(1);
        }
    }
}
