package dev.postern.auditing.sequence;

import static dev.postern.auditing.sequence.Events.event;
import static dev.postern.auditing.sequence.Events.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.auditing.FaultyStorage;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.index.EventIndex;
import dev.postern.auditing.index.IndexStore;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardSigners;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.test.MutableClock;
import dev.postern.tlog.ShardsVerifier;
import dev.postern.tlog.store.LogStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The disk fails or is full under the writer: nothing acknowledged is lost, nothing is there twice, and nothing is
/// acknowledged any more until a restart.
@Timeout(240)
final class SequencerFaultsTest {
    private static final int EVENTS = 300;
    private static final int BATCH = 50;

    @TempDir
    Path home;

    private final MutableClock clock = MutableClock.atNoon();

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private LocalKeyManagement kms;

    @BeforeEach
    void open() {
        kms = LocalKeyManagement.open(
                home.resolve("keyset.json"), Passphrase.of("sixteen characters".toCharArray()), new SecureRandom());
    }

    @AfterEach
    void close() {
        kms.close();
    }

    private Sequencer open(Path directory, UnaryOperator<LogStorage> access) throws IOException {
        ShardFiles files = new ShardFiles(directory, "localhost/audit", access);
        WrappedSetFiles sets = new WrappedSetFiles(home);
        EpochKeys epochs = new EpochKeys(kms, sets, files, clock, new SecureRandom());
        epochs.prepare();
        return Sequencer.open(
                files,
                new ShardSigners(kms, sets, files, clock, new SecureRandom()),
                new SealedLeaves(epochs, new SecureRandom()),
                EventIndex.open(IndexStore.files(files.index()), epochs),
                new SequencerSettings(Duration.ofMillis(1)),
                clock,
                new Random(1),
                (_, _) -> {});
    }

    /// Sends batch after batch, as a producer does, until one is not acknowledged.
    private static Map<Long, Position> sendUntilRefused(Sequencer sequencer) {
        Map<Long, Position> acknowledged = new LinkedHashMap<>();
        for (long first = 1; first <= EVENTS; first += BATCH) {
            try {
                List<CompletableFuture<Position>> places =
                        sequencer.submit(events("token-service", first, first + BATCH - 1));
                for (int i = 0; i < BATCH; i++) {
                    acknowledged.put(first + i, places.get(i).get(10, TimeUnit.SECONDS));
                }
                awaitPublication(sequencer, first + BATCH - 1);
            } catch (IOException | ExecutionException | TimeoutException _) {
                break;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        return acknowledged;
    }

    /// The next batch meets what became of this one's publication. An index that finds no room is behind, and nothing
    /// else.
    private static void awaitPublication(Sequencer sequencer, long number) throws Exception {
        try {
            sequencer
                    .find(
                            Events.source("token-service"),
                            event("token-service", number).id())
                    .orElseThrow()
                    .get(300, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            // It was refused, or comes later.
        }
    }

    /// After a restart on a good disk: the same places for what was acknowledged, each event once, a sound log.
    private void expectEverythingOnce(Path directory, Map<Long, Position> acknowledged) throws Exception {
        try (Sequencer again = open(directory, UnaryOperator.identity())) {
            List<Position> places = new ArrayList<>();
            for (CompletableFuture<Position> place : again.submit(events("token-service", 1, EVENTS))) {
                places.add(place.get(10, TimeUnit.SECONDS));
            }
            acknowledged.forEach((number, place) -> assertThat(places.get((int) (number - 1)))
                    .as("event " + number)
                    .isEqualTo(place));
            assertThat(places).extracting(Position::index).isSorted().doesNotHaveDuplicates();
            assertThat(again.size()).as("with the opening leaf").isEqualTo(EVENTS + 1);
        }
        assertThat(ShardsVerifier.verify(directory.resolve("log"), directory.resolve("vkeys")))
                .singleElement()
                .satisfies(shard -> {
                    assertThat(shard.report().inconsistency()).isEmpty();
                    assertThat(shard.report().leaves()).isEqualTo(EVENTS + 1);
                });
    }

    /// When a call fails: its caller cannot tell which.
    enum Fails {
        BEFORE_IT_DID_ANYTHING,
        AFTER_IT_DID_EVERYTHING
    }

    @ParameterizedTest
    @EnumSource
    void anyWriteOfTheLogWhenItFailsThenNothingAcknowledgedIsLostOrDoubled(Fails when) throws Exception {
        boolean failed = true;
        for (int call = 0; failed; call++) {
            Path directory = Files.createDirectory(home.resolve("at-" + call));
            AtomicInteger calls = new AtomicInteger();
            int broken = call;
            Map<Long, Position> acknowledged = Map.of();
            Sequencer sequencer;
            try {
                sequencer = open(
                        directory,
                        storage -> new FaultyStorage(
                                storage,
                                () -> calls.getAndIncrement() >= broken,
                                when == Fails.AFTER_IT_DID_EVERYTHING));
                acknowledged = sendUntilRefused(sequencer);
                failed = calls.get() > broken;
                assertThat(sequencer.writable()).as("call " + call).isEqualTo(!failed);
                if (failed) {
                    Sequencer refusing = sequencer;
                    assertThatThrownBy(() -> refusing.submit(events("token-service", 1000, 1000))
                                    .getFirst()
                                    .get(10, TimeUnit.SECONDS))
                            .isInstanceOf(ExecutionException.class);
                }
                sequencer.close();
            } catch (IOException _) {
                assertThat(calls.get()).as("the start may fail as well").isGreaterThan(broken);
            }
            expectEverythingOnce(directory, acknowledged);
            // Some calls are enough of those that are alike.
            call += call < 8 ? 0 : 7;
        }
    }

    @Test
    void diskWhenFullThenNothingIsAcknowledgedAndWithRoomAgainNothingIsLost() throws Exception {
        Path disk = Files.createDirectory(home.resolve("disk"));
        Assumptions.assumeTrue(
                mount("-t", "tmpfs", "-o", "size=192k", "tmpfs", disk.toString()),
                "only root may mount a disk that is small enough to fill");
        try {
            Map<Long, Position> acknowledged;
            Sequencer sequencer = open(disk, UnaryOperator.identity());
            acknowledged = sendUntilRefused(sequencer);
            assertThat(acknowledged).isNotEmpty().hasSizeLessThan(EVENTS);
            assertThatThrownBy(() -> sequencer
                            .submit(events("token-service", 1000, 1000))
                            .getFirst()
                            .get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
            assertThat(sequencer.writable()).isFalse();
            try {
                sequencer.close();
            } catch (IOException _) {
                // No room for the last position either: the next start finds it.
            }
            assertThat(mount("-o", "remount,size=8m", disk.toString())).isTrue();
            expectEverythingOnce(disk, acknowledged);
        } finally {
            var _ = run("umount", "--lazy", disk.toString());
        }
    }

    private static boolean mount(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    /// The week turns while the log cannot be published: the next shard does not begin over an end that nobody sees.
    @Test
    void aWeekWhoseEndCannotBePublishedHasNoNextShardUntilARestart() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        try (Sequencer sequencer = open(home, storage -> new FaultyStorage(storage, broken::get, false))) {
            assertThat(sendUntilRefused(sequencer)).hasSize(EVENTS);
            sequencer.prepare();
            clock.advance(Duration.ofDays(7));
            broken.set(true);
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThatThrownBy(() -> sequencer
                                .submit(events("token-service", EVENTS + 1, EVENTS + 1))
                                .getFirst()
                                .get(10, TimeUnit.SECONDS))
                        .isInstanceOfAny(IOException.class, ExecutionException.class);
            }
            broken.set(false);
            assertThatThrownBy(() -> sequencer
                            .submit(events("token-service", EVENTS + 1, EVENTS + 1))
                            .getFirst()
                            .get(10, TimeUnit.SECONDS))
                    .as("until a restart")
                    .isInstanceOfAny(IOException.class, ExecutionException.class);
            assertThat(sequencer.writable()).isFalse();
            assertThat(new ShardFiles(home, "localhost/audit").shards()).hasSize(1);
        }
        try (Sequencer again = open(home, UnaryOperator.identity())) {
            var _ = again.submit(events("token-service", EVENTS + 1, EVENTS + 1))
                    .getFirst()
                    .get(10, TimeUnit.SECONDS);
        }
        assertThat(ShardsVerifier.verify(home.resolve("log"), home.resolve("vkeys")))
                .hasSize(2)
                .allSatisfy(shard -> assertThat(shard.report().inconsistency()).isEmpty());
    }
}
