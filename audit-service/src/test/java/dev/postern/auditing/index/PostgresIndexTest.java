package dev.postern.auditing.index;

import static dev.postern.auditing.sequence.Events.event;
import static dev.postern.auditing.sequence.Events.events;
import static dev.postern.auditing.sequence.Events.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.audit.EventQuery;
import dev.postern.audit.EventQuery.Term;
import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.index.RebuildReport.State;
import dev.postern.auditing.sequence.ConflictingEvent;
import dev.postern.auditing.sequence.LiveLog;
import dev.postern.auditing.shard.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The index in a real PostgreSQL; skipped where none can be started.
@Timeout(120)
final class PostgresIndexTest extends EventIndexContract {
    private static final String PREFIX = "postern_index_";

    private TestPostgres database;
    private IndexStore store;

    @BeforeEach
    void database() throws SQLException, IOException {
        database = TestPostgres.create();
        store = IndexStore.open(database.properties(), home);
    }

    @AfterEach
    void drop() throws SQLException {
        if (store != null) {
            store.close();
        }
        if (database != null) {
            database.drop();
        }
    }

    @Override
    IndexStore store() {
        return store;
    }

    private static String schema(Epoch epoch) {
        return PREFIX + epoch.toString().replace('-', '_');
    }

    private List<String> schemas() throws SQLException {
        List<String> schemas = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'postern%'" + " ORDER BY 1")) {
            while (rows.next()) {
                schemas.add(rows.getString(1));
            }
        }
        return schemas;
    }

    @Override
    Map<String, List<String>> rows() throws SQLException {
        Map<String, List<String>> rows = new TreeMap<>();
        try (Connection connection = database.connect()) {
            for (String schema : schemas()) {
                connection.setSchema(schema);
                String day = schema.substring(PREFIX.length()).replace('_', '-');
                for (IndexTable table : IndexTable.values()) {
                    rows.put(day + " " + table.title(), rows(connection, table));
                }
            }
        }
        return rows;
    }

    private static List<String> rows(Connection connection, IndexTable table) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(table.from(0))) {
            while (found.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    Object value = found.getObject(i);
                    row.append(found.getMetaData().getColumnName(i))
                            .append('=')
                            .append(
                                    value instanceof byte[] bytes
                                            ? HexFormat.of().formatHex(bytes)
                                            : value)
                            .append(' ');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    @Override
    boolean isThere(Epoch epoch) throws SQLException {
        return schemas().contains(schema(epoch));
    }

    @Override
    void removeAll() throws SQLException {
        for (String schema : schemas()) {
            database.execute("DROP SCHEMA " + schema + " CASCADE");
        }
    }

    @Override
    void keepIndex() {
        // It is not in the log's directory.
    }

    @Override
    void putIndexBack() {
        // It is not in the log's directory.
    }

    private static void waitUntilFound(EventIndex index, String producer, long number) throws IOException {
        Optional<Position> found = Optional.empty();
        while (found.isEmpty()) {
            try {
                found = index.find(EventName.of(event(producer, number)));
            } catch (IndexIncomplete _) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void databaseWhenAwayThenEventsAreTakenQuestionsAreRefusedAndTheIndexCatchesUpByItself() throws Exception {
        fill();
        Map<String, List<String>> grown = rows();
        try (LiveLog log = open()) {
            log.take(events("token-service", 1101, 1110));
            EventIndex index = log.sequencer().index();
            database.takeAway();
            for (CompletableFuture<Position> place : log.sequencer().submit(events("token-service", 1111, 1120))) {
                assertThat(place.get(10, TimeUnit.SECONDS)).isNotNull();
            }
            EventName known = EventName.of(event("token-service", 5));
            assertThatExceptionOfType(IndexIncomplete.class).isThrownBy(() -> index.find(known));
            assertThat(log.sequencer().unindexed()).isEqualTo(10);
            database.bringBack();
            waitUntilFound(index, "token-service", 1120);
            assertThat(everything(log)).hasSize(1000);
            assertThat(log.gaps()).isEmpty();
            assertThat(log.rebuilt())
                    .as("nothing was lost, nothing was made anew")
                    .returns(State.EQUAL, RebuildReport::state);
        }
        assertThat(rows().get("2026-11-23 entry")).isEqualTo(grown.get("2026-11-23 entry"));
    }

    @Test
    void databaseWhenAwayAtTheStartThenTheStartSaysWhatToDoAndRemovesNothing() throws Exception {
        fill();
        Map<String, List<String>> grown = rows();
        database.takeAway();
        assertThatIOException()
                .isThrownBy(() -> IndexStore.open(database.properties(), home))
                .withMessageContaining("postern.audit-log.index.url does not answer")
                .withMessageContaining("start it");
        assertThatIOException().isThrownBy(this::open);
        database.bringBack();
        store.close();
        store = IndexStore.open(database.properties(), home);
        open().close();
        assertThat(rows()).isEqualTo(grown);
    }

    @Test
    void roleWhenItMayNotCreateSchemasThenTheStartSaysSo() throws Exception {
        database.execute("CREATE ROLE " + database.name() + " LOGIN");
        IndexProperties all = database.properties();
        IndexProperties poor = new IndexProperties(all.kind(), all.url(), database.name(), null, 1, all.schema());
        assertThatIOException()
                .isThrownBy(() -> IndexStore.open(poor, home))
                .withMessageContaining("GRANT CREATE ON DATABASE");
    }

    @Test
    void daysWhenAlteredDroppedOrOfAnotherLogThenMadeAnewByThemselves() throws Exception {
        fill();
        Map<String, List<String>> grown = rows();
        database.execute("DROP TABLE " + schema(MONDAY) + ".followed");
        database.execute("DROP SCHEMA " + schema(MONDAY.next()) + " CASCADE");
        open().close();
        assertThat(rows()).isEqualTo(grown);
        database.execute("UPDATE " + schema(MONDAY) + ".followed SET mark = 'another'");
        database.execute("COMMENT ON SCHEMA " + schema(MONDAY.next()) + " IS 'another form'");
        open().close();
        assertThat(rows()).isEqualTo(grown);
    }

    @Test
    void dayWhenDroppedWhileItRunsThenAnswersNothingUntilItIsMadeAnew() throws Exception {
        fill();
        try (LiveLog log = open()) {
            database.execute("DROP SCHEMA " + schema(MONDAY) + " CASCADE");
            EventIndex index = log.sequencer().index();
            assertThatExceptionOfType(IndexIncomplete.class)
                    .isThrownBy(() -> index.find(EventName.of(event("token-service", 5))));
            waitUntilFound(index, "token-service", 5);
            assertThat(log.rebuilt().state()).isEqualTo(State.EQUAL);
        }
    }

    @Test
    void databaseWhenItComesBackWithoutTheLastCommitsThenTheyAreFollowedAgain() throws Exception {
        try (LiveLog log = open()) {
            log.take(events("token-service", 1, 10));
            Map<String, List<String>> early = rows();
            log.take(events("token-service", 11, 20));
            Map<String, List<String>> late = rows();
            String day = schema(Epoch.at(clock.instant()));
            database.takeAway();
            database.bringBack();
            String next = early.getOrDefault(Epoch.at(clock.instant()) + " followed", List.of())
                    .getFirst()
                    .replaceAll(".* next=(\\d+) .*", "$1");
            for (String table : List.of("entry", "term", "number")) {
                database.execute("DELETE FROM " + day + "." + table + " WHERE pos >= " + next);
            }
            database.execute("UPDATE " + day + ".followed SET next = " + next);
            for (CompletableFuture<Position> place : log.sequencer().submit(events("token-service", 21, 30))) {
                assertThat(place.get(10, TimeUnit.SECONDS)).isNotNull();
            }
            waitUntilFound(log.sequencer().index(), "token-service", 30);
            waitUntilFound(log.sequencer().index(), "token-service", 15);
            assertThat(everything(log)).hasSize(30);
            assertThat(rows().keySet()).isEqualTo(late.keySet());
            assertThat(log.rebuilt().state()).isEqualTo(State.EQUAL);
        }
    }

    @Test
    void rebuildWhenARowIsAlteredThenNamedAndTheDayIsReplacedAndNothingIsLeftOfIt() throws Exception {
        fill();
        try (LiveLog log = open()) {
            assertThat(log.rebuilt()).returns(State.EQUAL, RebuildReport::state).returns(3, RebuildReport::days);
            String monday = schema(MONDAY);
            Map<String, String> damages = Map.of(
                    "term", "DELETE FROM %1$s.term WHERE pos = (SELECT min(pos) FROM %1$s.term)",
                    "entry", "UPDATE %1$s.entry SET time = time + 1 WHERE pos = (SELECT min(pos) FROM %1$s.entry)",
                    "followed", "UPDATE %1$s.followed SET head = decode(repeat('00', 32), 'hex')");
            for (Map.Entry<String, String> damage : damages.entrySet()) {
                database.execute(damage.getValue().formatted(monday));
                RebuildReport report = log.rebuilt();
                assertThat(report.state()).as(damage.getKey()).isEqualTo(State.DIFFERENT);
                assertThat(report.different()).containsExactly(MONDAY.toString());
                assertThat(report.difference()).isNotNull();
                assertThat(report.difference().table()).isEqualTo(damage.getKey());
                assertThat(log.rebuilt().state()).isEqualTo(State.EQUAL);
            }
            assertThat(schemas()).hasSize(3).allMatch(name -> !name.contains("rebuild"));
        }
    }

    /// Who reads a day has a lock, for which its removal waits a second and no longer.
    private Connection reading(Epoch epoch) throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT * FROM " + schema(epoch) + ".entry").close();
        }
        return connection;
    }

    @Test
    void rebuildWhenADayCannotBeReplacedThenTheOthersAreAndItIsMadeAnew() throws Exception {
        fill();
        try (LiveLog log = open()) {
            for (Epoch day : List.of(MONDAY, MONDAY.next())) {
                database.execute("UPDATE %s.entry SET time = time + 1".formatted(schema(day)));
            }
            try (Connection _ = reading(MONDAY)) {
                RebuildReport report = log.rebuilt();
                assertThat(report.state()).as("%s", report).isEqualTo(State.DIFFERENT);
                assertThat(report.different())
                        .containsExactly(MONDAY.toString(), MONDAY.next().toString());
                assertThatExceptionOfType(IndexIncomplete.class).isThrownBy(() -> everything(log));
            }
            waitUntilFound(log.sequencer().index(), "token-service", 5);
            assertThat(log.rebuilt().state()).isEqualTo(State.EQUAL);
        }
    }

    @Test
    void rebuildWhenNoDayCanBeReadThenNoTransactionStaysOpen() throws Exception {
        fill();
        try (LiveLog log = open()) {
            for (String schema : schemas()) {
                database.execute("DROP TABLE " + schema + ".followed");
            }
            RebuildReport report = log.rebuilt();
            assertThat(report.state()).as("%s", report).isEqualTo(State.DIFFERENT);
            assertThat(report.different()).hasSize(3);
            assertThat(log.rebuilt().state()).isEqualTo(State.EQUAL);
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement();
                    ResultSet open = statement.executeQuery(
                            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND state = 'idle in transaction'")) {
                assertThat(open.next()).isTrue();
                assertThat(open.getInt(1)).isZero();
            }
        }
    }

    @Test
    void shreddedDayWhenItCannotBeDroppedThenLeftAloneForAWhileAndToldOnce() throws Exception {
        fill();
        clock.advance(Duration.ofDays(3));
        AtomicLong nanos = new AtomicLong();
        try (LiveLog log = LiveLog.open(home, kms, clock);
                SecondIndex second = SecondIndex.of(log, store, SecondIndex.published(log), nanos::get);
                Logged logged = Logged.of(IndexWriter.class)) {
            assertThat(log.epochs().destroy(MONDAY)).isTrue();
            Connection reading = reading(MONDAY);
            second.follower().catchUp();
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(30));
            second.follower().catchUp();
            assertThat(isThere(MONDAY)).isTrue();
            reading.close();
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(29));
            second.follower().catchUp();
            assertThat(isThere(MONDAY)).as("left alone").isTrue();
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            second.follower().catchUp();
            assertThat(isThere(MONDAY)).isFalse();
            assertThat(logged.messages())
                    .filteredOn(one -> one.contains("cannot be removed yet"))
                    .hasSize(1);
        }
    }

    /// The question waits for one of the pool's connections while the day is replaced by one that lacks its end.
    @Test
    void questionWhenItsDayIsReplacedMeanwhileThenRefused() throws Exception {
        fill();
        try (LiveLog log = LiveLog.open(home, kms, clock);
                SecondIndex second = SecondIndex.of(log, store)) {
            EventIndex index = second.index();
            Set<Term> terms = Set.of(term(EventQuery.SOURCE, source("token-service")));
            EventIndex other = index.beside();
            try (IndexFollower reader = new IndexFollower(other, log.leaves(), SecondIndex.published(log), _ -> {})) {
                reader.catchUp();
            }
            database.execute("DELETE FROM postern_index_rebuild_2026_11_23.term");
            List<Connection> pool = new ArrayList<>();
            for (int i = 0; i < database.properties().connections(); i++) {
                pool.add(store.day(MONDAY).forReading());
            }
            FutureTask<Tally> question = new FutureTask<>(() -> index.tally(terms));
            Thread asking = Thread.ofPlatform().start(question);
            while (Stream.of(asking.getStackTrace())
                    .noneMatch(frame -> frame.getClassName().contains("hikari"))) {
                Thread.onSpinWait();
            }
            FutureTask<Boolean> replacement =
                    new FutureTask<>(() -> index.writer().adopt(MONDAY, other.tables(MONDAY)));
            Thread.ofPlatform().start(replacement);
            while (schemas().contains("postern_index_rebuild_2026_11_23")) {
                Thread.onSpinWait();
            }
            for (Connection connection : pool) {
                connection.close();
            }
            assertThat(replacement.get(10, TimeUnit.SECONDS)).isTrue();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> question.get(10, TimeUnit.SECONDS))
                    .havingCause()
                    .isInstanceOf(IndexIncomplete.class)
                    .as("it was read, and not believed")
                    .withNoCause();
        }
    }

    @Test
    void rowsWhenLookedAtThenNumbersAndKeyedHashesOnly() throws Exception {
        fill();
        TreeSet<String> columns = new TreeSet<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT column_name, data_type FROM information_schema.columns"
                        + " WHERE table_schema = '" + schema(MONDAY) + "' AND data_type <> 'bigint'")) {
            while (rows.next()) {
                columns.add(rows.getString(1) + " " + rows.getString(2));
            }
        }
        assertThat(columns).containsExactly("head bytea", "mark bytea", "producer bytea", "token bytea");
        assertThat(rows().get(MONDAY + " term"))
                .isNotEmpty()
                .allMatch(row -> row.matches("segment=\\d+ token=[0-9a-f]{32} pos=\\d+ "));
    }

    @Test
    void schemasOfOthersWhenInTheSameDatabaseThenLeftAlone() throws Exception {
        for (String schema : List.of("postern_index_own", "postern_indexes_2026_11_23", "postern_2026_11_23")) {
            database.execute("CREATE SCHEMA " + schema);
        }
        fill();
        clock.advance(Duration.ofDays(1));
        open().close();
        assertThat(schemas()).contains("postern_index_own", "postern_indexes_2026_11_23", "postern_2026_11_23");
        assertThat(Files.exists(home.resolve("audit/index"))).isFalse();
    }

    @Test
    void producersWhenTheDatabaseDoesNotAnswerThenTheKnownDoNotWaitForTheUnknown() throws Exception {
        fill();
        try (LiveLog log = open()) {
            log.take(events("token-service", 1101, 1110));
            try (Connection holding = database.connect();
                    Statement statement = holding.createStatement()) {
                holding.setAutoCommit(false);
                for (String schema : schemas()) {
                    statement.execute("LOCK TABLE " + schema + ".number IN ACCESS EXCLUSIVE MODE");
                }
                AtomicReference<List<CompletableFuture<Position>>> late = new AtomicReference<>(List.of());
                Thread unknown = Thread.ofPlatform().start(() -> late.set(submitted(log, events("new-service", 1, 1))));
                Thread repeating = Thread.ofPlatform().start(() -> submitted(log, events("token-service", 5, 5)));
                while (waitingForALock() < 2) {
                    Thread.onSpinWait();
                }

                for (CompletableFuture<Position> place : log.sequencer().submit(events("token-service", 1111, 1120))) {
                    assertThat(place.get(10, TimeUnit.SECONDS)).isNotNull();
                }

                assertThat(unknown.isAlive()).as("still waits").isTrue();
                assertThat(repeating.isAlive()).as("still waits").isTrue();
                holding.rollback();
                assertThat(unknown.join(Duration.ofSeconds(10))).isTrue();
                assertThat(repeating.join(Duration.ofSeconds(10))).isTrue();
                assertThat(late.get()).hasSize(1);
            }
        }
    }

    private static List<CompletableFuture<Position>> submitted(LiveLog log, List<EventEnvelope> events) {
        try {
            return log.sequencer().submit(events);
        } catch (IOException | NotCanonical | ConflictingEvent e) {
            throw new AssertionError(e);
        }
    }

    private long waitingForALock() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet waiting =
                        statement.executeQuery("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")) {
            return waiting.next() ? waiting.getLong(1) : 0;
        }
    }
}
