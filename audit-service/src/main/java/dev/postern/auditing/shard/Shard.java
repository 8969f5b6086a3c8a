package dev.postern.auditing.shard;

import dev.postern.audit.spool.Spool;
import dev.postern.audit.spool.SpoolReader;
import dev.postern.audit.spool.SpoolSettings;
import dev.postern.audit.spool.StoredEntry;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// The shard that is being written.
///
/// [#append] puts an entry into the write-ahead log, whose single writer thread gathers what comes while an fsync runs
/// and
/// forces it with the next one; then the entry has its index for ever. A second thread follows the write-ahead log,
/// grows the
/// tree, and publishes tiles and a signed checkpoint.
///
/// Guarantee: an index given out survives any crash, and the same entries come to the same indexes and files when the
/// write-ahead log is replayed. Failure direction: closed. After any failed write the shard takes nothing more until
/// the
/// service is restarted; entries not acknowledged are the producers' to send again.
public final class Shard implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Shard.class.getName());
    private static final int SEGMENT_BYTES = 4 << 20;
    private static final long MAX_UNPUBLISHED_BYTES = 1L << 30;
    private static final int MAX_READ = 1024;
    private static final int MAX_READ_BYTES = 8 << 20;
    private static final long IDLE_MILLIS = 100;

    private final PublishedShard published;
    private final Spool wal;
    private final SpoolReader reader;
    private final TiledLog log;
    private final Duration pause;
    private final Thread publisher;

    private PublicationListener listener = (_, _, _) -> {};
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean failed;

    /// Told after each publication, in order, by one thread at a time.
    @FunctionalInterface
    public interface PublicationListener {
        /// Entries became visible.
        ///
        /// @param firstIndex  of the first entry
        /// @param entries     newly covered by a checkpoint
        void published(ShardName shard, long firstIndex, List<byte[]> entries);
    }

    private Shard(PublishedShard published, Spool wal, TiledLog log, Duration pause) {
        this.published = published;
        this.wal = wal;
        this.reader = wal.reader();
        this.log = log;
        this.pause = pause;
        this.publisher = Thread.ofPlatform().daemon().name("audit-publisher").unstarted(this::run);
    }

    /// Opens or makes a shard and publishes what a crash left unpublished.
    ///
    /// @param pause  shortest time between publications
    /// @throws IOException when the files contradict each other: nothing is repaired by guessing
    public static Shard open(
            ShardFiles files, ShardName name, NoteSigner signer, Duration pause, RandomGenerator random)
            throws IOException {
        files.publishKeys(name.value(), signer);
        Spool wal =
                Spool.open(new SpoolSettings(files.writeAheadLog(name), SEGMENT_BYTES, MAX_UNPUBLISHED_BYTES), random);
        try {
            PublishedShard published = new PublishedShard(name, files.origin(name), files.log(name));
            TiledLog log = TiledLog.open(published.storage(), signer);
            if (!wal.missing().isEmpty() || wal.progress().durable() < log.size()) {
                throw new IOException("the write-ahead log of shard " + name + " lacks entries");
            }
            Shard shard = new Shard(published, wal, log, pause);
            shard.follow();
            return shard;
        } catch (IOException | RuntimeException e) {
            wal.close();
            throw e;
        }
    }

    /// Starts to publish what is appended. Once.
    ///
    /// @param told  of everything published from here on
    public void start(PublicationListener told) {
        listener = told;
        publisher.start();
    }

    public PublishedShard published() {
        return published;
    }

    /// Entries that have an index.
    public long size() {
        return wal.progress().durable();
    }

    public boolean writable() {
        return !failed && wal.progress().writable();
    }

    /// The entry's index, once it is on disk.
    public CompletableFuture<Long> append(byte[] entry) {
        if (failed) {
            return CompletableFuture.failedFuture(new IOException("shard " + published.name() + " has failed"));
        }
        AtomicLong index = new AtomicLong();
        return wal.append(number -> {
                    index.set(number.sequence() - 1);
                    return entry;
                })
                .thenApply(_ -> index.get());
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                if (wal.awaitAfter(reader.position(), IDLE_MILLIS, TimeUnit.MILLISECONDS)) {
                    follow();
                    var _ = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (IOException | RuntimeException | InterruptedException e) {
            failed = true;
            LOG.log(System.Logger.Level.ERROR, "the audit log cannot be published: no event is taken any more", e);
        }
    }

    /// Everything on disk goes into the tree, is published, and only then leaves the write-ahead log.
    private void follow() throws IOException {
        long first = log.published().size();
        List<byte[]> fresh = new ArrayList<>();
        List<StoredEntry> entries = reader.next(MAX_READ, MAX_READ_BYTES);
        while (!entries.isEmpty()) {
            for (StoredEntry entry : entries) {
                apply(entry, fresh);
            }
            log.publish();
            wal.acknowledge(log.size());
            listener.published(published.name(), first, List.copyOf(fresh));
            first = log.size();
            fresh.clear();
            entries = reader.next(MAX_READ, MAX_READ_BYTES);
        }
    }

    private void apply(StoredEntry entry, List<byte[]> fresh) throws IOException {
        long index = entry.sequence() - 1;
        if (index < log.published().size()) {
            byte[] before = published.entry(index, log.published().size());
            if (!Arrays.equals(before, entry.payload())) {
                throw new IOException("the write-ahead log contradicts the published log at entry " + index);
            }
        } else if (index == log.size()) {
            log.append(entry.payload());
            fresh.add(entry.payload());
        } else {
            throw new IOException("the write-ahead log lacks entry " + log.size());
        }
    }

    /// Publishes everything that has an index and stops. Entries appended later are refused.
    @Override
    public void close() throws IOException {
        closing.countDown();
        boolean interrupted = false;
        while (publisher.isAlive()) {
            try {
                publisher.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        wal.stop();
        if (!failed) {
            follow();
        }
        reader.close();
        wal.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
