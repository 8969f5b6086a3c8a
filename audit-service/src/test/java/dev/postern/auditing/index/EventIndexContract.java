package dev.postern.auditing.index;

import static dev.postern.auditing.sequence.Events.event;
import static dev.postern.auditing.sequence.Events.events;
import static dev.postern.auditing.sequence.Events.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.EventQuery;
import dev.postern.audit.EventQuery.Term;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.sequence.LiveLog;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.ShardName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an index does in every store.
@Timeout(120)
abstract class EventIndexContract {
    static final Epoch MONDAY = Epoch.at(Instant.parse("2026-11-23T12:00:00Z"));

    @TempDir
    static Path keyset;

    static LocalKeyManagement kms;

    @TempDir
    Path home;

    final MutableClock clock = MutableClock.atNoon();

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

    /// Where the index is.
    abstract IndexStore store();

    /// Every row of every table of every day, by `2026-11-23 entry` and its like.
    abstract Map<String, List<String>> rows() throws Exception;

    /// Whether anything of a day is there.
    abstract boolean isThere(Epoch epoch) throws Exception;

    /// Removes all days, while no log is open.
    abstract void removeAll() throws Exception;

    /// Keeps the index, while no log is open, as it is when the log's directory is replaced.
    abstract void keepIndex() throws Exception;

    abstract void putIndexBack() throws Exception;

    final LiveLog open() throws IOException {
        return LiveLog.open(home, kms, clock, _ -> store());
    }

    static Term term(EventQuery query, String value) {
        return new Term(query, value);
    }

    static List<Long> indexes(IndexPage page) {
        return page.places().stream().map(Position::index).toList();
    }

    static List<Position> everything(LiveLog log) throws IOException {
        return log.sequencer().index().search(IndexQuery.of(Set.of(), 1000)).places();
    }

    static EventEnvelope issued(long number, Instant time, String token, String key, String client) {
        EventEnvelope plain = event("token-service", number);
        return new EventEnvelope(
                plain.source(),
                plain.spool(),
                plain.id(),
                number,
                "dev.postern.token.issued",
                time,
                Map.of("token_id", token, "key_id", key, "client_id", client, "tenant", "acme"));
    }

    /// Three days in two weeks, with a gap, a late number and events of several kinds.
    final void fill() throws Exception {
        try (LiveLog log = open()) {
            log.take(events("token-service", 1, 700));
            log.take(List.of(event("token-service", 702), event("token-service", 701)));
            clock.advance(Duration.ofDays(1));
            log.prepare();
            log.take(events("gateway-service", 1, 20));
        }
        try (LiveLog log = open()) {
            log.take(events("token-service", 703, 1100));
            clock.advance(Duration.ofDays(6));
            log.prepare();
            log.take(events("gateway-service", 21, 30));
        }
    }

    @Test
    void theRebuiltIndexEqualsTheOneThatGrew() throws Exception {
        fill();
        Map<String, List<String>> grown = rows();
        assertThat(grown).hasSize(18);
        assertThat(grown.get("2026-11-23 entry")).hasSize(702);
        assertThat(grown.get("2026-11-30 followed"))
                .singleElement()
                .asString()
                .contains("next=" + Places.packed(new ShardName("2026w49"), 11));
        removeAll();
        assertThat(rows()).isEmpty();
        open().close();
        assertThat(rows()).isEqualTo(grown);
    }

    @Test
    void aStartGoesOnAtTheCursorAndOpensNothingBeforeIt() throws Exception {
        fill();
        Map<String, List<String>> grown = rows();
        Path bundles = home.resolve("audit/log/localhost/audit/2026w48/tile/entries");
        Path full = bundles.resolve("000");
        Path away = home.resolve("away");
        Files.move(full, away);
        try (LiveLog log = open()) {
            assertThat(everything(log)).hasSize(1000);
        }
        Files.move(away, full);
        assertThat(rows()).isEqualTo(grown);
    }

    @Test
    void aShreddedDayAnswersNothingAndIsRemoved() throws Exception {
        fill();
        clock.advance(Duration.ofDays(3));
        try (LiveLog log = open()) {
            assertThat(everything(log)).hasSize(1000);
            assertThat(log.epochs().destroy(MONDAY)).isTrue();
            assertThat(everything(log)).as("Tuesday and the week after").hasSize(20 + 398 + 10);
            assertThat(log.sequencer().index().find(EventName.of(event("token-service", 5))))
                    .isEmpty();
            log.take(events("gateway-service", 31, 31));
            assertThat(isThere(MONDAY)).isFalse();
        }
        // Nothing of the shredded day is looked for again.
        Files.move(home.resolve("audit/log/localhost/audit/2026w48/tile/entries/000"), home.resolve("away"));
        try (LiveLog log = open()) {
            assertThat(everything(log)).hasSize(20 + 398 + 11);
        }
    }

    @Test
    void aDayShreddedWhileTheServiceIsDownLeavesNothing() throws Exception {
        fill();
        clock.advance(Duration.ofDays(3));
        EpochKeys epochs;
        try (LiveLog log = open()) {
            epochs = log.epochs();
        }
        assertThat(epochs.destroy(MONDAY)).isTrue();
        try (LiveLog log = open()) {
            assertThat(isThere(MONDAY)).isFalse();
            assertThat(everything(log)).hasSize(20 + 398 + 10);
            log.take(events("token-service", 1101, 1101));
            assertThat(log.gaps()).isEmpty();
        }
    }

    @Test
    void anIndexOfALogThatWasPutBackIsMadeAnew() throws Exception {
        try (LiveLog log = open()) {
            log.take(events("token-service", 1, 10));
        }
        Path earlier = home.resolve("earlier");
        copy(home.resolve("audit"), earlier);
        try (LiveLog log = open()) {
            log.take(events("token-service", 11, 300));
        }
        keepIndex();
        delete(home.resolve("audit"));
        Files.move(earlier, home.resolve("audit"));
        putIndexBack();
        try (LiveLog log = open()) {
            assertThat(everything(log)).hasSize(10);
            log.take(events("token-service", 11, 20));
            assertThat(everything(log)).hasSize(20);
            assertThat(log.gaps()).isEmpty();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void termsTimesAndPagesNarrowASearch() throws Exception {
        Instant noon = clock.instant();
        try (LiveLog log = open()) {
            for (int i = 1; i <= 60; i++) {
                log.sequencer()
                        .submit(List.of(issued(
                                i, noon.plusSeconds(i), "jti-" + i, i % 2 == 0 ? "even" : "odd", "client-" + i % 3)))
                        .getFirst()
                        .join();
            }
            log.take(List.of(issued(61, noon.plusSeconds(5), "late", "odd", "client-0")));
            EventIndex index = log.sequencer().index();
            assertThat(indexes(index.search(IndexQuery.of(Set.of(term(EventQuery.CREDENTIAL, "jti-7")), 10))))
                    .containsExactly(7L);
            assertThat(indexes(index.search(IndexQuery.of(
                            Set.of(term(EventQuery.KEY, "even"), term(EventQuery.CLIENT, "client-0")), 3))))
                    .containsExactly(60L, 54L, 48L);
            assertThat(index.search(IndexQuery.of(
                                    Set.of(term(EventQuery.KEY, "even"), term(EventQuery.CREDENTIAL, "late")), 3))
                            .places())
                    .isEmpty();
            assertThat(index.search(IndexQuery.of(Set.of(term(EventQuery.TENANT, "jti-7")), 3))
                            .places())
                    .as("a value of another kind")
                    .isEmpty();

            IndexQuery timed = new IndexQuery(
                    Set.of(), Optional.of(noon.plusSeconds(3)), Optional.of(noon.plusSeconds(6)), Optional.empty(), 10);
            assertThat(indexes(index.search(timed))).containsExactly(61L, 5L, 4L, 3L);

            List<Long> paged = new ArrayList<>();
            IndexQuery query = IndexQuery.of(Set.of(term(EventQuery.KEY, "odd")), 7);
            Optional<IndexPage> page = Optional.of(index.search(query));
            while (page.isPresent()) {
                paged.addAll(indexes(page.get()));
                Optional<Position> next = page.get().next();
                page = next.isPresent() ? Optional.of(index.search(query.before(next.get()))) : Optional.empty();
            }
            assertThat(paged).hasSize(31).isSortedAccordingTo(Comparator.reverseOrder());

            Tally tally = index.tally(Set.of(term(EventQuery.KEY, "odd"), term(EventQuery.CLIENT, "client-0")));
            assertThat(tally).isEqualTo(Tally.of(11, noon.plusSeconds(3), noon.plusSeconds(57)));
            assertThat(index.tally(Set.of(term(EventQuery.KEY, "none")))).isEqualTo(Tally.NONE);
        }
    }

    @Test
    void aLongSearchIsAnsweredInPartsAndMissesNothing() throws Exception {
        Instant noon = clock.instant();
        try (LiveLog log = open()) {
            List<EventEnvelope> batch = new ArrayList<>();
            for (int i = 1; i <= 9000; i++) {
                batch.add(issued(i, noon, "t" + i, i < 4500 ? "early" : "late", i % 4499 == 1 ? "rare" : "c" + i % 2));
            }
            log.take(batch);
            EventIndex index = log.sequencer().index();
            List<Long> found = new ArrayList<>();
            int answers = 0;
            IndexQuery query =
                    IndexQuery.of(Set.of(term(EventQuery.KEY, "early"), term(EventQuery.TENANT, "acme")), 1000);
            Optional<Position> next = Optional.empty();
            do {
                IndexPage page = index.search(next.map(query::before).orElse(query));
                found.addAll(indexes(page));
                next = page.next();
                answers++;
            } while (next.isPresent());
            assertThat(found).hasSize(4499);
            assertThat(answers).isGreaterThan(4);

            IndexQuery disjoint =
                    IndexQuery.of(Set.of(term(EventQuery.CLIENT, "c0"), term(EventQuery.CLIENT, "c1")), 10);
            IndexPage nothing = index.search(disjoint);
            assertThat(nothing.places()).isEmpty();
            assertThat(nothing.next()).as("searched in part").isPresent();
            assertThat(indexes(index.search(IndexQuery.of(
                            Set.of(term(EventQuery.CLIENT, "rare"), term(EventQuery.TENANT, "acme")), 10))))
                    .as("the rarest term leads")
                    .containsExactly(8999L, 4500L, 1L);
        }
    }

    @Test
    void aClockThatIsSetBackOverMidnightLosesNothing() throws Exception {
        try (LiveLog log = open()) {
            log.take(events("token-service", 1, 3));
            clock.advance(Duration.ofDays(1));
            log.prepare();
            log.take(events("token-service", 4, 6));
            clock.advance(Duration.ofDays(-1));
            log.take(events("token-service", 7, 9));
        }
        try (LiveLog log = open()) {
            log.take(events("token-service", 10, 12));
            assertThat(everything(log))
                    .extracting(Position::index)
                    .containsExactly(12L, 11L, 10L, 9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L);
            assertThat(log.gaps()).isEmpty();
        }
        assertThat(rows().get("2026-11-23 entry")).hasSize(3);
        assertThat(rows().get("2026-11-24 entry")).hasSize(9);
    }

    @Test
    void namesAreOfProducersAndOnlyTheirs() throws Exception {
        fill();
        try (LiveLog log = open()) {
            EventIndex index = log.sequencer().index();
            assertThat(index.find(new EventName(
                            source("gateway-service"), event("x", 701).id())))
                    .isEmpty();
            assertThat(index.find(new EventName(source("token-service"), "0123456789abcdef.11111111.5")))
                    .as("another run's")
                    .isEmpty();
            assertThat(index.find(new EventName(source("token-service"), "nonsense")))
                    .isEmpty();
            assertThat(index.highest(source("token-service"), "0123456789abcdef"))
                    .isEqualTo(1100);
            assertThat(index.highest(source("gateway-service"), "0123456789abcdef"))
                    .isEqualTo(30);
            assertThat(index.highest(source("token-service"), "fedcba9876543210"))
                    .isZero();
        }
    }
}
