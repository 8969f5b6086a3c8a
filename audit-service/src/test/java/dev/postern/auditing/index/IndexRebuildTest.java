package dev.postern.auditing.index;

import static dev.postern.auditing.sequence.Events.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.EventQuery;
import dev.postern.audit.EventQuery.Term;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.index.RebuildReport.State;
import dev.postern.auditing.sequence.Events;
import dev.postern.auditing.sequence.LiveLog;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.test.MutableClock;
import dev.postern.tlog.store.LogStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The index against the log, while both live.
@Timeout(120)
final class IndexRebuildTest {
    private static final Epoch MONDAY = Epoch.at(Instant.parse("2026-11-23T12:00:00Z"));
    private static final ShardName OLD = new ShardName("2026w48");

    @TempDir
    static Path keyset;

    private static LocalKeyManagement kms;

    @TempDir
    Path home;

    private final MutableClock clock = MutableClock.atNoon();

    @BeforeAll
    static void keys() {
        kms = LocalKeyManagement.open(
                keyset.resolve("keyset.json"), Passphrase.of("sixteen characters".toCharArray()), new SecureRandom());
    }

    @AfterAll
    static void closeKeys() {
        kms.close();
    }

    @BeforeEach
    void directories() throws IOException {
        Files.createDirectories(home.resolve("sets"));
    }

    /// Two days, the second of which is being written.
    private LiveLog filled() throws Exception {
        LiveLog log = LiveLog.open(home, kms, clock);
        log.take(events("token-service", 1, 300));
        clock.advance(Duration.ofDays(1));
        log.prepare();
        log.take(events("token-service", 301, 400));
        return log;
    }

    private Path directory() {
        return home.resolve("audit/index");
    }

    private void damage(Epoch day, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + directory().resolve(day + ".db"));
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }

    @Test
    void rebuildWhenTheIndexIsSoundThenEqualAndNothingIsLeftOfIt() throws Exception {
        try (LiveLog log = filled()) {
            RebuildReport report = log.rebuilt();
            assertThat(report)
                    .returns(State.EQUAL, RebuildReport::state)
                    .returns(400L, RebuildReport::entries)
                    .returns(401L, RebuildReport::of)
                    .returns(2, RebuildReport::days);
            assertThat(directory().resolve("rebuild")).doesNotExist();
            assertThat(log.rebuilt().state()).as("again").isEqualTo(State.EQUAL);
        }
    }

    /// Once what it has read is all there was, but before it looks at the live index; and once it has looked.
    @Test
    void rebuildWhenTheLogGrowsMeanwhileThenEqual() throws Exception {
        try (LiveLog log = filled()) {
            AtomicReference<IndexRebuild> running = new AtomicReference<>();
            AtomicBoolean before = new AtomicBoolean();
            AtomicBoolean after = new AtomicBoolean();
            PublishedLog published = SecondIndex.published(log);
            PublishedLog followed = () -> {
                IndexRebuild rebuild = running.get();
                while (rebuild != null && rebuild.report().state() == State.READING && !hasReadAll(rebuild)) {
                    Thread.onSpinWait();
                }
                if (rebuild != null && before.compareAndSet(false, true)) {
                    take(log, events("gateway-service", 1, 10));
                }
                return published.shards();
            };
            PublishedLog read = () -> {
                IndexRebuild rebuild = running.get();
                if (rebuild != null && hasReadAll(rebuild) && after.compareAndSet(false, true)) {
                    take(log, events("gateway-service", 11, 20));
                }
                return published.shards();
            };
            try (SecondIndex second =
                            SecondIndex.of(log, IndexStore.files(home.resolve("second")), followed, System::nanoTime);
                    IndexRebuild rebuild = new IndexRebuild(second.index(), second.follower(), log.leaves(), read)) {
                running.set(rebuild);
                assertThat(rebuild.start()).isTrue();
                second.follower().start();
                assertThat(rebuild.await())
                        .returns(State.EQUAL, RebuildReport::state)
                        .returns(410L, RebuildReport::entries);
            }
            assertThat(after).isTrue();
        }
    }

    private static boolean hasReadAll(IndexRebuild rebuild) {
        return rebuild.report().entries() >= 400;
    }

    private static void take(LiveLog log, List<EventEnvelope> events) {
        try {
            log.take(events);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void rebuildWhenAShardWasDeletedThenEqual() throws Exception {
        try (LiveLog log = filled()) {
            clock.advance(Duration.ofDays(6));
            log.prepare();
            log.take(events("token-service", 401, 410));
            delete(log, OLD);
            assertThat(log.rebuilt())
                    .returns(null, RebuildReport::difference)
                    .returns(State.EQUAL, RebuildReport::state)
                    .returns(10L, RebuildReport::entries)
                    .returns(1, RebuildReport::days);
        }
    }

    /// As when key management was away at the turn of the week.
    @Test
    void rebuildWhenADayLiesInADeletedShardAndInTheNextOneThenEqual() throws Exception {
        try (LiveLog log = filled()) {
            clock.advance(Duration.ofDays(13));
            log.epochs().prepare();
            assertThat(log.take(events("token-service", 401, 405)))
                    .extracting(Position::shard)
                    .containsOnly(OLD);
            log.prepare();
            log.take(events("token-service", 406, 410));
            delete(log, OLD);
            assertThat(log.rebuilt())
                    .returns(null, RebuildReport::difference)
                    .returns(State.EQUAL, RebuildReport::state)
                    .returns(5L, RebuildReport::entries)
                    .returns(1, RebuildReport::days);
        }
    }

    /// The index keeps its last day, in which it notes what it has followed.
    @Test
    void rebuildWhenTheShardOfTheOnlyDayWasDeletedThenEqual() throws Exception {
        try (LiveLog log = LiveLog.open(home, kms, clock)) {
            log.take(events("token-service", 1, 10));
            clock.advance(Duration.ofDays(7));
            log.prepare();
            log.sequencer().submit(List.of());
            PublishedShard newest = log.sequencer().newest(1).getFirst();
            assertThat(newest.name()).isNotEqualTo(OLD);
            while (newest.storage().read(LogStorage.CHECKPOINT).isEmpty()) {
                Thread.onSpinWait();
            }
            delete(log, OLD);
            assertThat(log.rebuilt())
                    .returns(null, RebuildReport::difference)
                    .returns(State.EQUAL, RebuildReport::state)
                    .returns(0, RebuildReport::days);
        }
    }

    @Test
    void rebuildWhenAShardIsDeletedMeanwhileThenFailedAndNothingIsReplaced() throws Exception {
        try (LiveLog log = filled()) {
            clock.advance(Duration.ofDays(6));
            log.prepare();
            log.take(events("token-service", 401, 410));
            AtomicReference<IndexRebuild> running = new AtomicReference<>();
            PublishedLog published = SecondIndex.published(log);
            PublishedLog read = () -> {
                IndexRebuild rebuild = running.get();
                if (rebuild != null && hasReadAll(rebuild) && log.sequencer().isThere(OLD)) {
                    delete(log, OLD);
                }
                return published.shards();
            };
            try (SecondIndex second =
                            SecondIndex.of(log, IndexStore.files(home.resolve("second")), published, System::nanoTime);
                    IndexRebuild rebuild = new IndexRebuild(second.index(), second.follower(), log.leaves(), read)) {
                second.follower().start();
                running.set(rebuild);
                assertThat(rebuild.start()).isTrue();
                RebuildReport report = rebuild.await();
                assertThat(report.state()).isEqualTo(State.FAILED);
                assertThat(report.failure()).contains("shards were deleted meanwhile", "ask again");
            }
        }
    }

    private static void delete(LiveLog log, ShardName shard) {
        log.sequencer().forget(shard);
        try {
            log.files().delete(shard);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void rebuildWhenItBreaksOffThenFailedAndAnotherMayBegin() throws Exception {
        try (LiveLog log = filled();
                SecondIndex second = SecondIndex.of(log, IndexStore.files(home.resolve("second")))) {
            PublishedLog published = SecondIndex.published(log);
            Thread test = Thread.currentThread();
            PublishedLog broken = () -> {
                if (!Thread.currentThread().equals(test)) {
                    throw new StackOverflowError("as of a defect");
                }
                return published.shards();
            };
            try (IndexRebuild rebuild = new IndexRebuild(second.index(), second.follower(), log.leaves(), broken)) {
                assertThat(rebuild.start()).isTrue();
                RebuildReport report = rebuild.await();
                assertThat(report.state()).isEqualTo(State.FAILED);
                assertThat(report.failure()).contains("ask again");
                assertThat(rebuild.start()).isTrue();
            }
        }
    }

    @Test
    void rebuildWhenARowIsAlteredThenNamedAndTheDayIsReplaced() throws Exception {
        Map<String, String> damages = Map.of(
                "term", "DELETE FROM term WHERE pos = (SELECT min(pos) FROM term)",
                "entry", "UPDATE entry SET time = time + 1 WHERE pos = (SELECT min(pos) FROM entry)",
                "number", "DELETE FROM number WHERE number = (SELECT max(number) FROM number)",
                "block", "UPDATE block SET latest = latest - 1",
                "segment", "INSERT INTO segment SELECT max(id) + 1 FROM segment",
                "followed", "UPDATE followed SET head = zeroblob(32)");
        try (LiveLog log = filled()) {
            for (Map.Entry<String, String> one : damages.entrySet()) {
                damage(MONDAY, one.getValue());
                RebuildReport report = log.rebuilt();
                assertThat(report.state()).as(one.getKey()).isEqualTo(State.DIFFERENT);
                assertThat(report.different()).containsExactly(MONDAY.toString());
                assertThat(report.difference()).isNotNull();
                assertThat(report.difference().table()).isEqualTo(one.getKey());
                assertThat(report.difference().live())
                        .isNotEqualTo(report.difference().rebuilt());
                // The follower brings it up to the log before it lets anybody look.
                assertThat(log.rebuilt().state()).isEqualTo(State.EQUAL);
            }
        }
    }

    @Test
    void rebuildWhenAHiddenEventIsFoundAgainThenSearchesFindIt() throws Exception {
        try (LiveLog log = filled()) {
            IndexQuery query = IndexQuery.of(Set.of(new Term(EventQuery.SOURCE, Events.source("token-service"))), 1000);
            assertThat(log.sequencer().index().search(query).places()).hasSize(400);
            damage(MONDAY, "DELETE FROM term WHERE pos = (SELECT min(pos) FROM entry) + 7");
            assertThat(log.sequencer().index().search(query).places()).hasSize(399);
            assertThat(log.rebuilt().state()).isEqualTo(State.DIFFERENT);
            assertThat(log.rebuilt().state()).isEqualTo(State.EQUAL);
            assertThat(log.sequencer().index().search(query).places()).hasSize(400);
        }
    }

    @Test
    void rebuildWhenTheDayThatIsWrittenDiffersThenReplacedAndEventsGoOn() throws Exception {
        try (LiveLog log = filled()) {
            damage(MONDAY.next(), "DELETE FROM term WHERE pos = (SELECT min(pos) FROM entry) + 7");
            IndexRebuild rebuild = log.sequencer().rebuild();
            assertThat(rebuild.start()).isTrue();
            for (int i = 0; i < 20; i++) {
                // Acknowledged, whatever the index answers for the moment of the replacement.
                log.sequencer()
                        .submit(events("token-service", 401 + i * 10L, 410 + i * 10L))
                        .getLast()
                        .join();
            }
            RebuildReport report = rebuild.await();
            assertThat(report.state()).as("%s", report).isEqualTo(State.DIFFERENT);
            assertThat(report.different()).containsExactly(MONDAY.next().toString());
            log.sequencer().submit(events("token-service", 601, 610)).getLast().join();
            assertThat(log.rebuilt()).returns(State.EQUAL, RebuildReport::state).returns(610L, RebuildReport::entries);
            assertThat(log.gaps()).isEmpty();
        }
        try (LiveLog log = LiveLog.open(home, kms, clock)) {
            assertThat(log.rebuilt())
                    .as("after a restart")
                    .returns(State.EQUAL, RebuildReport::state)
                    .returns(610L, RebuildReport::entries);
        }
    }

    @Test
    void rebuildWhenADayIsUnreadableThenSaidSo() throws Exception {
        try (LiveLog log = filled()) {
            Path file = directory().resolve(MONDAY + ".db");
            Files.delete(file);
            RebuildReport report = log.rebuilt();
            assertThat(report.state()).isEqualTo(State.DIFFERENT);
            assertThat(report.different()).containsExactly(MONDAY.toString());
            assertThat(log.rebuilt().state()).isEqualTo(State.EQUAL);
        }
    }

    @Test
    void rebuildWhenADayIsShreddedThenOnlyTheOthersAreCompared() throws Exception {
        try (LiveLog log = filled()) {
            clock.advance(Duration.ofDays(9));
            log.prepare();
            assertThat(log.epochs().destroy(MONDAY)).isTrue();
            assertThat(log.rebuilt())
                    .returns(State.EQUAL, RebuildReport::state)
                    .returns(100L, RebuildReport::entries)
                    .returns(1, RebuildReport::days);
        }
    }

    @Test
    void rebuildWhenTheLogCannotBeReadThenFailedAndTheIndexGoesOn() throws Exception {
        try (LiveLog log = filled()) {
            Path bundle = home.resolve("audit/log/localhost/audit/2026w48/tile/entries/000");
            Files.move(bundle, home.resolve("away"));
            RebuildReport report = log.rebuilt();
            assertThat(report.state()).isEqualTo(State.FAILED);
            assertThat(report.failure()).contains("ask again");
            assertThat(directory().resolve("rebuild")).doesNotExist();
            Files.move(home.resolve("away"), bundle);
            log.take(events("token-service", 401, 402));
            assertThat(log.rebuilt().state()).isEqualTo(State.EQUAL);
        }
    }

    @Test
    void startWhenARebuildWasKilledThenItsFilesAreGone() throws Exception {
        filled().close();
        Path left = directory().resolve("rebuild");
        Files.createDirectories(left);
        Files.writeString(left.resolve(MONDAY + ".db"), "left over");
        try (LiveLog log = LiveLog.open(home, kms, clock)) {
            assertThat(left).doesNotExist();
            assertThat(log.rebuilt().state()).isEqualTo(State.EQUAL);
        }
    }
}
