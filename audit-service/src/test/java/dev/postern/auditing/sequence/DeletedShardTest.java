package dev.postern.auditing.sequence;

import static dev.postern.auditing.sequence.Events.event;
import static dev.postern.auditing.sequence.Events.events;
import static dev.postern.auditing.sequence.Events.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.index.EventIndex;
import dev.postern.auditing.index.IndexQuery;
import dev.postern.auditing.index.IndexStore;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardName;
import dev.postern.auditing.shard.ShardSigners;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the writer knows of a shard that is deleted: nothing, before and after a restart.
@Timeout(120)
final class DeletedShardTest {
    private static final ShardName OLD = new ShardName("2026w48");
    private static final ShardName NEW = new ShardName("2026w49");

    @TempDir
    Path home;

    private final MutableClock clock = MutableClock.atNoon();

    private Sequencer open(LocalKeyManagement kms, ShardFiles files) throws IOException {
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

    private static List<Position> take(Sequencer sequencer, List<EventEnvelope> events) throws Exception {
        List<Position> places = new ArrayList<>();
        for (CompletableFuture<Position> place : sequencer.submit(events)) {
            places.add(place.get(10, TimeUnit.SECONDS));
        }
        sequencer
                .find(events.getLast().source(), events.getLast().id())
                .orElseThrow()
                .get(10, TimeUnit.SECONDS);
        return places;
    }

    private static void expectForgotten(Sequencer sequencer) throws IOException, InterruptedException {
        assertThat(sequencer.find(
                        source("token-service"), event("token-service", 2).id()))
                .isEmpty();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!shards(sequencer).equals(Set.of(NEW))) {
            assertThat(System.nanoTime()).as("the index forgets it too").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> sequencer.shard(OLD));
    }

    private static Set<ShardName> shards(Sequencer sequencer) throws IOException {
        return sequencer.index().search(IndexQuery.of(Set.of(), 100)).places().stream()
                .map(Position::shard)
                .collect(Collectors.toSet());
    }

    @Test
    void shardWhenDeletedThenNothingOfItIsListedOrFoundAndItsEventsAreNewOnes() throws Exception {
        ShardFiles files = new ShardFiles(home, "localhost/audit");
        try (LocalKeyManagement kms = LocalKeyManagement.open(
                home.resolve("keyset.json"), Passphrase.of("sixteen characters".toCharArray()), new SecureRandom())) {
            try (Sequencer sequencer = open(kms, files)) {
                take(sequencer, events("token-service", 1, 3));
                clock.advance(Duration.ofDays(7));
                assertThat(take(sequencer, events("token-service", 4, 5))
                                .getFirst()
                                .shard())
                        .isEqualTo(NEW);
                assertThatIllegalArgumentException().isThrownBy(() -> sequencer.forget(NEW));

                sequencer.forget(OLD);
                files.delete(OLD);
                expectForgotten(sequencer);
                assertThat(sequencer.lastNumber(new Producer(
                                source("token-service"),
                                event("token-service", 1).spool())))
                        .as("numbers go on")
                        .isEqualTo(OptionalLong.of(5));
            }
            try (Sequencer again = open(kms, files)) {
                expectForgotten(again);
                assertThat(take(again, events("token-service", 2, 2)).getFirst().shard())
                        .isEqualTo(NEW);
            }
        }
    }
}
