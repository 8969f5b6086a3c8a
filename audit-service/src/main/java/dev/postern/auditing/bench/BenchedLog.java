package dev.postern.auditing.bench;

import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.index.EventIndex;
import dev.postern.auditing.index.IndexStore;
import dev.postern.auditing.query.EventListing;
import dev.postern.auditing.sequence.ConflictingEvent;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.sequence.SequencerSettings;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardSigners;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/// A log with its writer and its index, as the service has them, in a directory of its own.
final class BenchedLog implements AutoCloseable {
    private static final Duration PUBLICATION_PAUSE = Duration.ofMillis(50);
    private static final int BATCH = 256;
    private static final int MOST_WAITING = 8_192;
    private static final long PAUSE_NANOS = 200_000;

    private final LocalKeyManagement kms;
    private final Sequencer sequencer;
    private final EventListing listing;
    private long taken;

    private BenchedLog(LocalKeyManagement kms, Sequencer sequencer, EventListing listing) {
        this.kms = kms;
        this.sequencer = sequencer;
        this.listing = listing;
    }

    static BenchedLog open(Path home, Clock clock, SecureRandom random) throws IOException {
        Path keys = Files.createDirectories(home.resolve("sets"));
        byte[] passphrase = new byte[16];
        random.nextBytes(passphrase);
        LocalKeyManagement kms = LocalKeyManagement.open(
                keys.resolve("keyset.json"),
                Passphrase.of(HexFormat.of().formatHex(passphrase).toCharArray()),
                random);
        WrappedSetFiles sets = new WrappedSetFiles(keys);
        ShardFiles files = new ShardFiles(home.resolve("audit"), "localhost/bench");
        EpochKeys epochs = new EpochKeys(kms, sets, files, clock, random);
        epochs.prepare();
        SealedLeaves leaves = new SealedLeaves(epochs, random);
        Sequencer sequencer = Sequencer.open(
                files,
                new ShardSigners(kms, sets, files, clock, random),
                leaves,
                EventIndex.open(IndexStore.files(files.index()), epochs),
                new SequencerSettings(PUBLICATION_PAUSE),
                clock,
                random,
                (_, _) -> {});
        return new BenchedLog(kms, sequencer, new EventListing(sequencer, leaves));
    }

    Sequencer sequencer() {
        return sequencer;
    }

    EventListing listing() {
        return listing;
    }

    /// Has the log take events until it has that many, each batch when the one before is on the disk.
    ///
    /// @return nanoseconds until all of them were in the index
    long fill(BenchEvents events, long upTo) throws IOException {
        long began = System.nanoTime();
        try {
            while (taken < upTo) {
                List<EventEnvelope> batch = new ArrayList<>();
                while (batch.size() < BATCH && taken < upTo) {
                    batch.add(events.event(++taken));
                }
                List<CompletableFuture<Position>> places = sequencer.submit(batch);
                places.getLast().join();
                while (sequencer.unindexed() > MOST_WAITING) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (NotCanonical | ConflictingEvent e) {
            throw new IllegalStateException("the events are canonical, and each comes once", e);
        }
        while (sequencer.unindexed() > 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return System.nanoTime() - began;
    }

    @Override
    public void close() throws IOException {
        sequencer.close();
        kms.close();
    }
}
