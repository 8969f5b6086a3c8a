package dev.postern.auditing.index;

import static dev.postern.auditing.sequence.Events.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.EventQuery;
import dev.postern.audit.EventQuery.Term;
import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.index.RebuildReport.State;
import dev.postern.auditing.sequence.Events;
import dev.postern.auditing.sequence.LiveLog;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
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

    private static RebuildReport rebuilt(LiveLog log) {
        IndexRebuild rebuild = log.sequencer().rebuild();
        assertThat(rebuild.start()).isTrue();
        while (true) {
            RebuildReport report = rebuild.report();
            if (report.state() != State.READING && report.state() != State.COMPARING) {
                return report;
            }
            Thread.onSpinWait();
        }
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
            RebuildReport report = rebuilt(log);
            assertThat(report)
                    .returns(State.EQUAL, RebuildReport::state)
                    .returns(400L, RebuildReport::entries)
                    .returns(401L, RebuildReport::of)
                    .returns(2, RebuildReport::days);
            assertThat(directory().resolve("rebuild")).doesNotExist();
            assertThat(rebuilt(log).state()).as("again").isEqualTo(State.EQUAL);
        }
    }

    @Test
    void rebuildWhenTheLogGrowsMeanwhileThenEqual() throws Exception {
        try (LiveLog log = filled()) {
            IndexRebuild rebuild = log.sequencer().rebuild();
            assertThat(rebuild.start()).isTrue();
            for (int i = 0; rebuild.report().state() == State.READING || i < 20; i++) {
                log.take(events("gateway-service", 1 + i * 10L, 10 + i * 10L));
            }
            while (rebuild.report().state() == State.COMPARING) {
                Thread.onSpinWait();
            }
            assertThat(rebuild.report().state()).isEqualTo(State.EQUAL);
        }
    }

    @Test
    void rebuildWhenARowIsAlteredThenNamedAndTheDayIsReplaced() throws Exception {
        Map<String, String> damages = Map.of(
                "term", "DELETE FROM term WHERE pos = (SELECT min(pos) FROM term)",
                "entry", "UPDATE entry SET time = time + 1 WHERE pos = (SELECT min(pos) FROM entry)",
                "number", "DELETE FROM number WHERE number = (SELECT max(number) FROM number)",
                "block", "UPDATE block SET latest = latest - 1",
                "segment", "INSERT INTO segment VALUES (1)",
                "followed", "UPDATE followed SET head = zeroblob(32)");
        try (LiveLog log = filled()) {
            for (Map.Entry<String, String> one : damages.entrySet()) {
                damage(MONDAY, one.getValue());
                RebuildReport report = rebuilt(log);
                assertThat(report.state()).as(one.getKey()).isEqualTo(State.DIFFERENT);
                assertThat(report.different()).containsExactly(MONDAY.toString());
                assertThat(report.difference()).isNotNull();
                assertThat(report.difference().table()).isEqualTo(one.getKey());
                assertThat(report.difference().live())
                        .isNotEqualTo(report.difference().rebuilt());
                // The follower brings it up to the log before it lets anybody look.
                assertThat(rebuilt(log).state()).isEqualTo(State.EQUAL);
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
            assertThat(rebuilt(log).state()).isEqualTo(State.DIFFERENT);
            assertThat(rebuilt(log).state()).isEqualTo(State.EQUAL);
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
            while (rebuild.report().state() != State.DIFFERENT) {
                Thread.onSpinWait();
            }
            assertThat(rebuild.report().different())
                    .containsExactly(MONDAY.next().toString());
            log.sequencer().submit(events("token-service", 601, 610)).getLast().join();
            assertThat(rebuilt(log)).returns(State.EQUAL, RebuildReport::state).returns(610L, RebuildReport::entries);
            assertThat(log.gaps()).isEmpty();
        }
        try (LiveLog log = LiveLog.open(home, kms, clock)) {
            assertThat(rebuilt(log))
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
            RebuildReport report = rebuilt(log);
            assertThat(report.state()).isEqualTo(State.DIFFERENT);
            assertThat(report.different()).containsExactly(MONDAY.toString());
            assertThat(rebuilt(log).state()).isEqualTo(State.EQUAL);
        }
    }

    @Test
    void rebuildWhenADayIsShreddedThenOnlyTheOthersAreCompared() throws Exception {
        try (LiveLog log = filled()) {
            clock.advance(Duration.ofDays(9));
            log.prepare();
            assertThat(log.epochs().destroy(MONDAY)).isTrue();
            assertThat(rebuilt(log))
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
            RebuildReport report = rebuilt(log);
            assertThat(report.state()).isEqualTo(State.FAILED);
            assertThat(report.failure()).contains("ask again");
            assertThat(directory().resolve("rebuild")).doesNotExist();
            Files.move(home.resolve("away"), bundle);
            log.take(events("token-service", 401, 402));
            assertThat(rebuilt(log).state()).isEqualTo(State.EQUAL);
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
            assertThat(rebuilt(log).state()).isEqualTo(State.EQUAL);
        }
    }
}
