package dev.postern.auditing.sequence;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.index.EventIndex;
import dev.postern.auditing.index.IndexStore;
import dev.postern.auditing.index.RebuildReport;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardSigners;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// A log in a directory with its writer and its index, as the service has it.
public final class LiveLog implements AutoCloseable {
    private final Sequencer sequencer;
    private final ShardFiles files;
    private final EpochKeys epochs;
    private final SealedLeaves leaves;
    private final List<Long> gaps = Collections.synchronizedList(new ArrayList<>());

    private LiveLog(Path home, LocalKeyManagement kms, MutableClock clock, Function<Path, IndexStore> store)
            throws IOException {
        WrappedSetFiles sets = new WrappedSetFiles(home.resolve("sets"));
        this.files = new ShardFiles(home.resolve("audit"), "localhost/audit");
        this.epochs = new EpochKeys(kms, sets, files, clock, new SecureRandom());
        epochs.prepare();
        this.leaves = new SealedLeaves(epochs, new SecureRandom());
        this.sequencer = Sequencer.open(
                files,
                new ShardSigners(kms, sets, files, clock, new SecureRandom()),
                leaves,
                EventIndex.open(store.apply(files.index()), epochs),
                new SequencerSettings(Duration.ofMillis(1)),
                clock,
                new Random(1),
                (_, expected) -> gaps.add(expected));
    }

    /// Opens it.
    ///
    /// @param home  holds `audit/`, and `sets/` with the wrapped keys
    public static LiveLog open(Path home, LocalKeyManagement kms, MutableClock clock) throws IOException {
        return open(home, kms, clock, IndexStore::files);
    }

    /// As [#open(Path, LocalKeyManagement, MutableClock)].
    ///
    /// @param store  where the index is, given the directory of its files
    public static LiveLog open(Path home, LocalKeyManagement kms, MutableClock clock, Function<Path, IndexStore> store)
            throws IOException {
        return new LiveLog(home, kms, clock, store);
    }

    public Sequencer sequencer() {
        return sequencer;
    }

    public ShardFiles files() {
        return files;
    }

    public EpochKeys epochs() {
        return epochs;
    }

    public SealedLeaves leaves() {
        return leaves;
    }

    public List<Long> gaps() {
        return gaps;
    }

    /// A new day, or week, as the service's schedule meets it.
    public void prepare() {
        epochs.prepare();
        sequencer.prepare();
    }

    /// Puts events into the log, and waits for the index.
    public List<Position> take(List<EventEnvelope> events) throws Exception {
        List<Position> places = new ArrayList<>();
        for (CompletableFuture<Position> place : sequencer.submit(events)) {
            places.add(place.get(10, TimeUnit.SECONDS));
        }
        for (EventEnvelope event : events) {
            var _ = sequencer.find(event.source(), event.id()).orElseThrow().get(10, TimeUnit.SECONDS);
        }
        return places;
    }

    /// Rebuilds the index beside the live one, and tells what was found.
    public RebuildReport rebuilt() throws InterruptedException {
        if (!sequencer.rebuild().start()) {
            throw new IllegalStateException(
                    "one is under way: " + sequencer.rebuild().report());
        }
        return sequencer.rebuild().await();
    }

    @Override
    public void close() throws IOException {
        sequencer.close();
    }
}
