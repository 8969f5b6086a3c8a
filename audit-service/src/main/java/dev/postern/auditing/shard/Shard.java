package dev.postern.auditing.shard;

import dev.postern.audit.spool.SpoolSettings;
import dev.postern.tlog.note.NoteSigner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// The shard that is being written.
///
/// [#append] puts an entry into the write-ahead log, whose single writer thread gathers what comes while an fsync runs
/// and forces it with the next one; then the entry has its index for ever. A second thread follows the write-ahead log,
/// grows the tree, and publishes tiles and a signed checkpoint.
///
/// Guarantee: as [WrittenLog]. Failure direction: closed. After any failed write the shard takes nothing more until the
/// service is restarted; entries not acknowledged are the producers' to send again.
public final class Shard implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Shard.class.getName());
    private static final int SEGMENT_BYTES = 4 << 20;
    private static final long MAX_UNPUBLISHED_BYTES = 1L << 30;
    private static final long IDLE_MILLIS = 100;

    private final PublishedShard published;
    private final WrittenLog log;
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

    private Shard(PublishedShard published, WrittenLog log, Duration pause) {
        this.published = published;
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
        PublishedShard published = new PublishedShard(name, files.origin(name), files.log(name));
        WrittenLog log = WrittenLog.open(
                "shard " + name,
                published.storage(),
                new SpoolSettings(files.writeAheadLog(name), SEGMENT_BYTES, MAX_UNPUBLISHED_BYTES),
                signer,
                random);
        try {
            Shard shard = new Shard(published, log, pause);
            shard.follow();
            return shard;
        } catch (IOException | RuntimeException e) {
            log.close();
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
        return log.durable();
    }

    public boolean writable() {
        return !failed && log.writable();
    }

    /// The entry's index, once it is on disk.
    public CompletableFuture<Long> append(byte[] entry) {
        if (failed) {
            return CompletableFuture.failedFuture(new IOException("shard " + published.name() + " has failed"));
        }
        return log.append(entry);
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                if (log.awaitNews(IDLE_MILLIS)) {
                    follow();
                    var _ = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (IOException | RuntimeException | InterruptedException e) {
            failed = true;
            LOG.log(System.Logger.Level.ERROR, "the audit log cannot be published: no event is taken any more", e);
        }
    }

    private void follow() throws IOException {
        log.follow((first, entries) -> listener.published(published.name(), first, entries));
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
        log.stop();
        if (!failed) {
            follow();
        }
        log.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
