package dev.postern.auditing.index;

import static dev.postern.auditing.sequence.Events.event;
import static dev.postern.auditing.sequence.Events.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.sequence.LiveLog;
import dev.postern.auditing.shard.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The index in SQLite files.
@Timeout(120)
final class EventIndexTest extends EventIndexContract {
    /// For so long a writer waits for a lock.
    private static final Duration BUSY = Duration.ofMillis(50);

    private Path directory() {
        return home.resolve("audit/index");
    }

    private Path file(Epoch epoch) {
        return home.resolve("audit/index").resolve(epoch + ".db");
    }

    @Override
    IndexStore store() {
        return IndexStore.files(directory());
    }

    @Override
    Map<String, List<String>> rows() throws IOException, SQLException {
        Map<String, List<String>> rows = new TreeMap<>();
        if (!Files.exists(directory())) {
            return rows;
        }
        try (Stream<Path> files = Files.list(directory())) {
            for (Path file : files.filter(one -> one.toString().endsWith(".db")).toList()) {
                String day = file.getFileName().toString().replace(".db", "");
                for (IndexTable table : IndexTable.values()) {
                    rows.put(day + " " + table.title(), rows(file, table.title()));
                }
            }
        }
        return rows;
    }

    private static List<String> rows(Path file, String table) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT * FROM " + table)) {
            while (found.next()) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    Object value = found.getObject(i);
                    row.put(
                            found.getMetaData().getColumnName(i),
                            value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value);
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    @Override
    boolean isThere(Epoch epoch) {
        return Files.exists(file(epoch));
    }

    @Override
    void removeAll() throws IOException {
        delete(directory());
    }

    @Override
    void keepIndex() throws IOException {
        copy(directory(), home.resolve("later"));
    }

    @Override
    void putIndexBack() throws IOException {
        delete(directory());
        Files.move(home.resolve("later"), directory());
    }

    enum Damage {
        MISSING,
        EMPTY,
        TORN,
        TEXT,
        OF_ANOTHER_LOG,
        A_PAGE
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedMissingOrForeignFileIsMadeAnewByItself(Damage damage) throws Exception {
        fill();
        Map<String, List<String>> grown = rows();
        Path file = file(MONDAY.next());
        byte[] bytes = Files.readAllBytes(file);
        switch (damage) {
            case MISSING -> Files.delete(file);
            case EMPTY -> Files.write(file, new byte[0]);
            case TORN -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            case TEXT -> Files.writeString(file, "no database");
            case OF_ANOTHER_LOG -> Files.copy(file(MONDAY), file, StandardCopyOption.REPLACE_EXISTING);
            case A_PAGE -> {
                Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
                Files.write(file, bytes);
            }
        }
        try (LiveLog log = open()) {
            assertThat(log.take(events("gateway-service", 20, 20)))
                    .as("known already")
                    .extracting(Position::index)
                    .containsExactly(722L);
            assertThat(log.gaps()).isEmpty();
        }
        assertThat(rows()).isEqualTo(grown);
    }

    @Test
    void whatIsDamagedWhileItRunsAnswersNothingUntilItIsMadeAnew() throws Exception {
        fill();
        try (LiveLog log = open()) {
            Path file = file(MONDAY);
            byte[] bytes = Files.readAllBytes(file);
            Arrays.fill(bytes, 100, bytes.length, (byte) 0x5a);
            Files.write(file, bytes);
            EventName name = EventName.of(event("token-service", 5));
            EventIndex index = log.sequencer().index();
            assertThatExceptionOfType(IndexIncomplete.class).isThrownBy(() -> index.find(name));
            Optional<Position> found = Optional.empty();
            while (found.isEmpty()) {
                try {
                    found = index.find(name);
                } catch (IndexIncomplete _) {
                    Thread.onSpinWait();
                }
            }
            assertThat(found)
                    .hasValueSatisfying(place -> assertThat(place.index()).isEqualTo(5));
            log.take(events("token-service", 1100, 1101));
            assertThat(log.gaps()).isEmpty();
        }
    }

    @Test
    void nothingReadableIsInTheFiles() throws Exception {
        try (LiveLog log = open()) {
            log.take(
                    List.of(issued(1, clock.instant(), "jti-in-the-clear", "kid-in-the-clear", "client-in-the-clear")));
        }
        String content = new String(Files.readAllBytes(file(MONDAY)), StandardCharsets.ISO_8859_1);
        assertThat(content).doesNotContain("in-the-clear", "acme", "postern.token", "spiffe", "0123456789abcdef");
        // One number, and it is not the one the producer gave.
        assertThat(rows(file(MONDAY), "number")).singleElement().asString().doesNotContain("number=1,");
    }

    /// More producers than are remembered, in one batch, so that most of them wait for the index at the same time.
    @Test
    void eventWhenItsProducerWasForgottenMeanwhileThenKeepsItsPlaceAllTheSame() throws Exception {
        try (LiveLog log = open()) {
            List<EventEnvelope> events = new ArrayList<>();
            for (int producer = 0; producer < 5_000; producer++) {
                String spool = "%016x".formatted(producer);
                EventEnvelope one = event("token-service", 1);
                events.add(new EventEnvelope(
                        one.source(), spool, spool + ".00000000.1", 1, one.type(), one.time(), one.data()));
            }
            List<Position> first = inParts(log, events);
            assertThat(first).hasSize(events.size()).doesNotHaveDuplicates();
            assertThat(inParts(log, events)).isEqualTo(first);
            assertThatIOException()
                    .as("more spools in one batch than are known at once")
                    .isThrownBy(() -> log.sequencer().submit(events))
                    .withMessageContaining("4096 spools");
            assertThat(inParts(log, events)).as("whatever was refused").isEqualTo(first);
            assertThat(log.sequencer().size()).as("with the opening leaf").isEqualTo(events.size() + 1L);
            assertThat(log.gaps()).isEmpty();
        }
    }

    private static List<Position> inParts(LiveLog log, List<EventEnvelope> events) throws Exception {
        List<CompletableFuture<Position>> places = new ArrayList<>();
        for (int i = 0; i < events.size(); i += 500) {
            places.addAll(log.sequencer().submit(events.subList(i, i + 500)));
        }
        List<Position> all = new ArrayList<>();
        for (CompletableFuture<Position> place : places) {
            all.add(place.get(20, TimeUnit.SECONDS));
        }
        return all;
    }

    /// The file is sound, and somebody else holds its lock for longer than this waits.
    @Test
    void aFileThatCannotBeWrittenForAMomentIsNotMadeAnew() throws Exception {
        try (LiveLog log = LiveLog.open(home, kms, clock, directory -> IndexStore.files(directory, BUSY));
                Logged logged = Logged.of(DayIndex.class)) {
            log.take(events("token-service", 1, 10));
            Path day = file(Epoch.at(clock.instant()));
            Object before = Files.getAttribute(day, "unix:ino");
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + day);
                    Statement lock = other.createStatement()) {
                lock.execute("BEGIN IMMEDIATE");
                for (CompletableFuture<Position> place : log.sequencer().submit(events("token-service", 11, 20))) {
                    assertThat(place.get(10, TimeUnit.SECONDS)).isNotNull();
                }
                logged.await("cannot be used right now");
                assertThat(log.sequencer().unindexed()).isEqualTo(10);
                lock.execute("ROLLBACK");
            }
            log.take(events("token-service", 21, 21));
            assertThat(everything(log)).hasSize(21);
            assertThat(Files.getAttribute(day, "unix:ino")).isEqualTo(before);
        }
    }
}
