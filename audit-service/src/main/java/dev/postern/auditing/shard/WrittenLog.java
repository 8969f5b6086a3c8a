package dev.postern.auditing.shard;

import dev.postern.audit.spool.Spool;
import dev.postern.audit.spool.SpoolReader;
import dev.postern.audit.spool.SpoolSettings;
import dev.postern.audit.spool.StoredEntry;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// A tiled log and the write-ahead log before it. What is on the disk in this goes into the tree, is published, and
/// only then leaves the write-ahead log.
///
/// Guarantee: an index given out survives any crash, and the same entries come to the same indexes and files when the
/// write-ahead log is replayed.
///
/// [#append] is for any thread; [#follow] and [#awaitNews] for one at a time.
public final class WrittenLog implements AutoCloseable {
    private static final int MAX_READ = 1024;
    private static final int MAX_READ_BYTES = 8 << 20;

    private final String name;
    private final LogStorage storage;
    private final Spool wal;
    private final SpoolReader reader;
    private final TiledLog log;

    /// Told after each publication, in order.
    @FunctionalInterface
    public interface Publication {
        /// Entries became visible.
        ///
        /// @param firstIndex  of the first entry
        /// @param entries     newly covered by a checkpoint
        void published(long firstIndex, List<byte[]> entries);
    }

    private WrittenLog(String name, LogStorage storage, Spool wal, TiledLog log) {
        this.name = name;
        this.storage = storage;
        this.wal = wal;
        this.reader = wal.reader();
        this.log = log;
    }

    /// Opens or makes a log. What a crash left unpublished is published by the first [#follow].
    ///
    /// @param name  for messages, for example `shard 2026w48`
    /// @param wal   the write-ahead log's directory and sizes
    /// @throws IOException when the files contradict each other: nothing is repaired by guessing
    public static WrittenLog open(
            String name, LogStorage storage, SpoolSettings wal, NoteSigner signer, RandomGenerator random)
            throws IOException {
        Spool spool = Spool.open(wal, random);
        try {
            TiledLog log = TiledLog.open(storage, signer);
            if (!spool.missing().isEmpty() || spool.progress().durable() < log.size()) {
                throw new IOException("the write-ahead log of " + name + " lacks entries");
            }
            return new WrittenLog(name, storage, spool, log);
        } catch (IOException | RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    /// The entry's index, once it is on disk.
    public CompletableFuture<Long> append(byte[] entry) {
        AtomicLong index = new AtomicLong();
        return wal.append(number -> {
                    index.set(number.sequence() - 1);
                    return entry;
                })
                .thenApply(_ -> index.get());
    }

    /// Whether something is there to follow, as soon as it is or after a while.
    boolean awaitNews(long millis) throws InterruptedException {
        return wal.awaitAfter(reader.position(), millis, TimeUnit.MILLISECONDS);
    }

    /// Publishes everything that is on the disk now. What comes meanwhile is for the next time: each publication costs
    /// several fsyncs, for which those of the entries that come then would have to wait.
    public void follow(Publication told) throws IOException {
        long durable = wal.progress().durable();
        while (reader.position() < durable) {
            long first = log.published().size();
            List<byte[]> fresh = new ArrayList<>();
            List<StoredEntry> entries = reader.next(MAX_READ, MAX_READ_BYTES);
            if (entries.isEmpty()) {
                return;
            }
            for (StoredEntry entry : entries) {
                apply(entry, fresh);
            }
            log.publish();
            wal.acknowledge(log.size());
            told.published(first, fresh);
        }
    }

    private void apply(StoredEntry entry, List<byte[]> fresh) throws IOException {
        long index = entry.sequence() - 1;
        long published = log.published().size();
        if (index < published) {
            if (!Arrays.equals(TiledLog.entry(storage, index, published), entry.payload())) {
                throw new IOException(
                        "the write-ahead log of " + name + " contradicts what is published at entry " + index);
            }
        } else if (index == log.size()) {
            log.append(entry.payload());
            fresh.add(entry.payload());
        } else {
            throw new IOException("the write-ahead log of " + name + " lacks entry " + log.size());
        }
    }

    /// Entries that a checkpoint covers.
    public long published() {
        return log.published().size();
    }

    /// Entries that have an index.
    long durable() {
        return wal.progress().durable();
    }

    boolean writable() {
        return wal.progress().writable();
    }

    /// Takes nothing more.
    void stop() {
        wal.stop();
    }

    @Override
    public void close() throws IOException {
        reader.close();
        wal.close();
    }
}
