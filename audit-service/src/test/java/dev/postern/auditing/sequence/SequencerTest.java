package dev.postern.auditing.sequence;

import static dev.postern.auditing.sequence.Events.event;
import static dev.postern.auditing.sequence.Events.events;
import static dev.postern.auditing.sequence.Events.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.index.EventIndex;
import dev.postern.auditing.index.IndexPage;
import dev.postern.auditing.index.IndexQuery;
import dev.postern.auditing.index.IndexStore;
import dev.postern.auditing.leaf.Leaf;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardName;
import dev.postern.auditing.shard.ShardSigners;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.kms.WrappedSets;
import dev.postern.test.MutableClock;
import dev.postern.tlog.ShardReport;
import dev.postern.tlog.ShardsVerifier;
import dev.postern.tlog.tree.Hash;
import dev.postern.tlog.tree.ProofCheck;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class SequencerTest {

    private static final Duration OFTEN = Duration.ofMillis(1);
    /// The publisher may have paused right after the opening leaf: shorter than [#published] waits.
    private static final Duration HARDLY_EVER = Duration.ofSeconds(6);

    @TempDir
    static Path keysetDirectory;

    private static LocalKeyManagement keys;

    @TempDir
    Path home;

    @SuppressWarnings("NullAway.Init") // The last opened sequencer's.
    private SealedLeaves leaves;

    private final MutableClock clock = MutableClock.atNoon();
    private final List<Long> gaps = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void keys() {
        keys = LocalKeyManagement.open(
                keysetDirectory.resolve("keyset.json"),
                Passphrase.of("sixteen characters".toCharArray()),
                new SecureRandom());
    }

    @AfterAll
    static void closeKeys() {
        keys.close();
    }

    private Sequencer open(Path directory, Duration pause) throws IOException {
        return open(directory, pause, new WrappedSetFiles(keysetDirectory));
    }

    private Sequencer open(Path directory, Duration pause, WrappedSets sets) throws IOException {
        ShardFiles files = new ShardFiles(directory, "localhost/audit");
        EpochKeys epochs = epochs(files);
        leaves = new SealedLeaves(epochs, new SecureRandom());
        return Sequencer.open(
                files,
                new ShardSigners(keys, sets, files, clock, new SecureRandom()),
                leaves,
                EventIndex.open(IndexStore.files(files.index()), epochs),
                new SequencerSettings(pause),
                clock,
                new Random(1),
                (_, expected) -> gaps.add(expected));
    }

    /// With keys that are there whatever becomes of those of the shards.
    private EpochKeys epochs(ShardFiles files) {
        EpochKeys epochs = new EpochKeys(keys, new WrappedSetFiles(keysetDirectory), files, clock, new SecureRandom());
        epochs.prepare();
        return epochs;
    }

    private static List<Position> newest(Sequencer sequencer, Optional<Position> before, int limit) throws IOException {
        IndexPage page =
                sequencer.index().search(new IndexQuery(Set.of(), Optional.empty(), Optional.empty(), before, limit));
        return page.places();
    }

    private static List<Position> take(Sequencer sequencer, List<EventEnvelope> events) throws Exception {
        List<Position> places = new ArrayList<>();
        for (CompletableFuture<Position> place : sequencer.submit(events)) {
            places.add(place.get(10, TimeUnit.SECONDS));
        }
        return places;
    }

    private static Position published(Sequencer sequencer, EventEnvelope event) throws Exception {
        return sequencer.find(event.source(), event.id()).orElseThrow().get(10, TimeUnit.SECONDS);
    }

    private static List<ShardReport> verify(Path directory) throws IOException {
        List<ShardReport> shards = ShardsVerifier.verify(directory.resolve("log"), directory.resolve("vkeys"));
        assertThat(shards)
                .isNotEmpty()
                .allSatisfy(shard -> assertThat(shard.report().inconsistency()).isEmpty());
        return shards;
    }

    private void expectProven(Sequencer sequencer, EventEnvelope event) throws Exception {
        Position place = published(sequencer, event);
        PublishedShard shard = sequencer.shard(place.shard());
        var checkpoint = shard.checkpoint().checkpoint();
        byte[] entry = shard.entry(place.index(), checkpoint.size());
        assertThat(new String(entry, StandardCharsets.ISO_8859_1))
                .as("sealed")
                .doesNotContain(event.source(), event.type());
        assertThat(leaves.content(entry)).hasValue(event.bytes());
        assertThat(ProofCheck.included(
                        place.index(),
                        checkpoint.size(),
                        Hash.leaf(entry),
                        shard.inclusion(place.index(), checkpoint.size()),
                        checkpoint.root()))
                .isTrue();
    }

    /// What a kill leaves behind: the files as they are, without anything that an orderly end would still write.
    private Path kill(String name) throws IOException {
        Path image = home.resolve(name);
        Path source = home.resolve("live");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, image.resolve(source.relativize(file).toString()));
            }
        }
        return image;
    }

    @Test
    void threeProducersAtOnceGetEveryEventInOnceAndInTheirOrder() throws Exception {
        Map<String, List<Position>> places = new ConcurrentHashMap<>();
        List<String> producers = List.of("gateway-service", "token-service", "inference-relay");
        try (Sequencer sequencer = open(home, OFTEN)) {
            List<Thread> threads = new ArrayList<>();
            for (String producer : producers) {
                threads.add(Thread.ofVirtual().start(() -> {
                    List<Position> own = new ArrayList<>();
                    for (int batch = 0; batch < 20; batch++) {
                        try {
                            own.addAll(take(sequencer, events(producer, batch * 10L + 1, batch * 10L + 10)));
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    }
                    places.put(producer, own);
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            for (String producer : producers) {
                expectProven(sequencer, event(producer, 1));
                expectProven(sequencer, event(producer, 117));
                expectProven(sequencer, event(producer, 200));
            }
            assertThat(newest(sequencer, Optional.empty(), 1000)).hasSize(600);
        }
        Set<Long> all = new HashSet<>();
        for (String producer : producers) {
            List<Long> indexes = places.getOrDefault(producer, List.of()).stream()
                    .map(Position::index)
                    .toList();
            assertThat(indexes).hasSize(200).isSorted();
            all.addAll(indexes);
        }
        assertThat(all).as("600 places after the opening leaf").hasSize(600).contains(1L, 600L);
        assertThat(gaps).isEmpty();
        assertThat(verify(home)).singleElement().satisfies(shard -> {
            assertThat(shard.origin()).isEqualTo("localhost/audit/2026w48");
            assertThat(shard.report().leaves()).isEqualTo(601);
        });
    }

    @Test
    void whatWasAcknowledgedBeforeAKillIsThereOnceAfterIt() throws Exception {
        Path live = home.resolve("live");
        try (Sequencer sequencer = open(live, HARDLY_EVER)) {
            List<Position> before = take(sequencer, events("token-service", 1, 5));
            published(sequencer, event("token-service", 5));
            // From here on the publisher pauses: these are in the write-ahead log only.
            before.addAll(take(sequencer, events("token-service", 6, 400)));
            Path image = kill("image");
            assertThat(verify(image).getFirst().report().leaves()).isLessThan(401);

            try (Sequencer again = open(image, OFTEN)) {
                assertThat(take(again, events("token-service", 1, 400))).isEqualTo(before);
                take(again, events("token-service", 401, 402));
                expectProven(again, event("token-service", 400));
                expectProven(again, event("token-service", 402));
                assertThat(newest(again, Optional.empty(), 1000)).hasSize(402);
            }
            assertThat(verify(image).getFirst().report().leaves()).isEqualTo(403);
            assertThat(gaps).isEmpty();
        }
        // The same entries gave the same files, whether published by the one who took them or after the kill.
        Path orderly = live.resolve("log/localhost/audit/2026w48/tile/entries/000");
        Path recovered = home.resolve("image").resolve("log/localhost/audit/2026w48/tile/entries/000");
        assertThat(recovered).hasSameBinaryContentAs(orderly);
    }

    @Test
    void aTornWriteIsCutOffAndTheProducerSendsAgain() throws Exception {
        Path live = home.resolve("live");
        try (Sequencer sequencer = open(live, HARDLY_EVER)) {
            take(sequencer, events("token-service", 1, 1));
            published(sequencer, event("token-service", 1));
            take(sequencer, events("token-service", 2, 9));
            Path whole = kill("whole");
            Path segment;
            try (Stream<Path> files = Files.list(whole.resolve("wal/2026w48"))) {
                segment = files.filter(file -> file.toString().endsWith(".spool"))
                        .findFirst()
                        .orElseThrow();
            }
            byte[] bytes = Files.readAllBytes(segment);
            for (int cut = 1; cut < 600; cut += 97) {
                Path image = kill("cut" + cut);
                Files.write(
                        image.resolve(whole.relativize(segment).toString()), Arrays.copyOf(bytes, bytes.length - cut));
                try (Sequencer again = open(image, OFTEN)) {
                    List<Position> places = take(again, events("token-service", 1, 9));
                    assertThat(places).extracting(Position::index).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
                    expectProven(again, event("token-service", 9));
                }
                verify(image);
            }
        }
    }

    @Test
    void damageInTheWriteAheadLogStopsTheStart() throws Exception {
        Path live = home.resolve("live");
        try (Sequencer sequencer = open(live, HARDLY_EVER)) {
            take(sequencer, events("token-service", 1, 1));
            published(sequencer, event("token-service", 1));
            take(sequencer, events("token-service", 2, 9));
            Path image = kill("image");
            try (Stream<Path> files = Files.list(image.resolve("wal/2026w48"))) {
                Path segment = files.filter(file -> file.toString().endsWith(".spool"))
                        .findFirst()
                        .orElseThrow();
                byte[] bytes = Files.readAllBytes(segment);
                bytes[bytes.length / 2] ^= 1;
                Files.write(segment, bytes);
            }
            assertThatIOException().isThrownBy(() -> open(image, OFTEN)).withMessageContaining("lacks entries");
        }
    }

    @Test
    void anEventSentTwiceKeepsItsPlaceAndAnotherOneUnderItsNameIsRefused() throws Exception {
        try (Sequencer sequencer = open(home, OFTEN)) {
            List<Position> first = take(sequencer, List.of(event("token-service", 1), event("token-service", 1)));
            assertThat(first).containsExactly(first.getFirst(), first.getFirst());
            published(sequencer, event("token-service", 1));
            assertThat(take(sequencer, List.of(event("token-service", 1)))).containsExactly(first.getFirst());

            EventEnvelope honest = event("token-service", 1);
            EventEnvelope other = new EventEnvelope(
                    honest.source(),
                    honest.spool(),
                    honest.id(),
                    1,
                    honest.type(),
                    honest.time(),
                    Map.of("service", "x"));
            assertThatExceptionOfType(ConflictingEvent.class).isThrownBy(() -> sequencer.submit(List.of(other)));
            assertThat(sequencer.size()).isEqualTo(2);
        }
    }

    @Test
    void missingNumbersAreNoticedAlsoAcrossARestart() throws Exception {
        try (Sequencer sequencer = open(home, OFTEN)) {
            take(sequencer, events("token-service", 1, 3));
            take(sequencer, events("gateway-service", 1, 1));
            assertThat(gaps).isEmpty();
            take(sequencer, events("token-service", 5, 6));
            assertThat(gaps).containsExactly(4L);
        }
        try (Sequencer sequencer = open(home, OFTEN)) {
            take(sequencer, events("token-service", 7, 7));
            assertThat(gaps).containsExactly(4L);
            take(sequencer, events("token-service", 9, 9));
            take(sequencer, events("inference-relay", 2, 2));
            assertThat(gaps).containsExactly(4L, 8L, 1L);
        }
    }

    @Test
    void aWeekEndsInAClosedShardAndTheNextOneHoldsItsCheckpoint() throws Exception {
        try (Sequencer sequencer = open(home, OFTEN)) {
            take(sequencer, events("token-service", 1, 3));
            clock.advance(Duration.ofDays(7));
            List<Position> later = take(sequencer, events("token-service", 3, 5));
            assertThat(later)
                    .extracting(place -> place.shard().value())
                    .containsExactly("2026w48", "2026w49", "2026w49");
            expectProven(sequencer, event("token-service", 2));
            expectProven(sequencer, event("token-service", 5));

            PublishedShard old = sequencer.shard(new ShardName("2026w48"));
            PublishedShard now = sequencer.shard(new ShardName("2026w49"));
            Leaf opening = Leaf.parse(now.entry(0, now.checkpoint().checkpoint().size()))
                    .orElseThrow();
            assertThat(opening.kind()).isEqualTo(Leaf.Kind.OPENING);
            assertThat(new String(opening.body(), StandardCharsets.UTF_8))
                    .contains(old.checkpoint().note().split("\n", -1)[2]);
            clock.advance(Duration.ofDays(-7));
            assertThat(take(sequencer, events("token-service", 6, 6))
                            .getFirst()
                            .shard()
                            .value())
                    .isEqualTo("2026w49");
        }
        clock.advance(Duration.ofDays(7));
        try (Sequencer sequencer = open(home, OFTEN)) {
            assertThat(take(sequencer, events("token-service", 1, 7)))
                    .extracting(place -> place.shard().value())
                    .containsExactly("2026w48", "2026w48", "2026w48", "2026w49", "2026w49", "2026w49", "2026w49");
            published(sequencer, event("token-service", 7));
            List<Position> newest = newest(sequencer, Optional.empty(), 5);
            assertThat(newest)
                    .hasSize(5)
                    .isSortedAccordingTo(Comparator.comparing(Position::shard)
                            .thenComparingLong(Position::index)
                            .reversed());
            assertThat(newest(sequencer, Optional.of(newest.getLast()), 5))
                    .extracting(Position::index)
                    .containsExactly(2L, 1L);
            assertThat(sequencer.find(source("token-service"), "unknown")).isEmpty();
        }
        assertThat(verify(home)).hasSize(2);
        assertThat(gaps).isEmpty();
    }

    @Test
    void whileKeyManagementIsAwayAWeekDoesNotEnd() throws Exception {
        Away sets = new Away(new WrappedSetFiles(Files.createDirectory(home.resolve("sets"))), "audit-log-2026w49");
        try (Sequencer sequencer = open(home, OFTEN, sets)) {
            take(sequencer, events("token-service", 1, 2));
            clock.advance(Duration.ofDays(7));
            sequencer.prepare();
            List<Position> late = take(sequencer, events("token-service", 3, 4));
            assertThat(late).extracting(place -> place.shard().value()).containsOnly("2026w48");
            expectProven(sequencer, event("token-service", 4));

            sets.away.set(false);
            sequencer.prepare();
            assertThat(take(sequencer, events("token-service", 5, 5)).getFirst().shard())
                    .isEqualTo(new ShardName("2026w49"));
            expectProven(sequencer, event("token-service", 5));
        }
        assertThat(verify(home)).hasSize(2);
        assertThat(gaps).isEmpty();
    }

    /// One set cannot be reached.
    private record Away(WrappedSets sets, String name, AtomicBoolean away) implements WrappedSets {
        Away(WrappedSets sets, String name) {
            this(sets, name, new AtomicBoolean(true));
        }

        private void reach(String wanted) {
            if (away.get() && wanted.equals(name)) {
                throw new KeyManagementException(KeyManagementException.Reason.TIMED_OUT, "The Vault is away.");
            }
        }

        @Override
        public Optional<byte[]> read(String wanted) {
            reach(wanted);
            return sets.read(wanted);
        }

        @Override
        public boolean replace(String wanted, byte @Nullable [] expected, byte[] content) {
            reach(wanted);
            return sets.replace(wanted, expected, content);
        }

        @Override
        public String placeOf(String wanted) {
            return sets.placeOf(wanted);
        }
    }

    @Test
    void oneWriterAtATime() throws Exception {
        try (Sequencer _ = open(home, OFTEN)) {
            assertThatIOException().isThrownBy(() -> open(home, OFTEN)).withMessageContaining("another process");
        }
    }

    @Test
    void whoHasLittleToSayIsKnownFromBeforeARestart() throws Exception {
        try (Sequencer sequencer = open(home, OFTEN)) {
            var _ = take(sequencer, events("token-service", 1, 1));
            var _ = take(sequencer, events("gateway-service", 1, 700));
            var _ = published(sequencer, event("gateway-service", 700));
        }
        try (Sequencer sequencer = open(home, OFTEN)) {
            assertThat(sequencer.lately(
                            Set.of(URI.create(source("token-service")), URI.create(source("gateway-service")))))
                    .containsOnlyKeys(Producer.of(event("token-service", 1)), Producer.of(event("gateway-service", 1)));
            assertThat(sequencer.lately(Set.of(URI.create(source("inference-relay")))))
                    .isEmpty();
        }
    }

    @Test
    void eventsWhenManyWaitForTheIndexThenAreSlowedDownAndTaken() throws Exception {
        try (Sequencer sequencer = open(home, HARDLY_EVER)) {
            for (int first = 1; sequencer.unindexed() <= 16_384; first += 1_000) {
                sequencer.submit(events("token-service", first, first + 999));
            }
            int waiting = sequencer.unindexed();
            long began = System.nanoTime();

            assertThat(take(sequencer, events("gateway-service", 1, 1))).hasSize(1);

            assertThat(sequencer.unindexed() == 1 || TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) >= 2_000)
                    .as("waited for the index, or two seconds (%s waited before)", waiting)
                    .isTrue();
        }
    }
}
