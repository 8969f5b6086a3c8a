package dev.postern.auditing.root;

import dev.postern.audit.root.RootEntry;
import dev.postern.audit.root.RootState;
import dev.postern.audit.spool.Spool;
import dev.postern.audit.spool.SpoolReader;
import dev.postern.audit.spool.SpoolSettings;
import dev.postern.audit.spool.StoredEntry;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;

/// The one writer of the root log. Entries are few, so each is published before [#append] returns.
///
/// Guarantee: what was appended survives any crash, at its place; what was under way is there once, or not at all.
/// Failure direction: closed. After any failed write nothing more is appended until the service is restarted, and so
/// nothing is deleted that the root log would not tell of; events go on being taken.
public final class RootLog implements AutoCloseable {
    private static final int SEGMENT_BYTES = 256 << 10;
    private static final long MAX_BYTES = 64L << 20;
    private static final int MAX_READ = 256;

    private final LogStorage storage;
    private final Spool wal;
    private final SpoolReader reader;
    private final TiledLog log;
    private final List<RootEntry> entries = new ArrayList<>();
    private RootState state;
    private boolean failed;

    private RootLog(LogStorage storage, Spool wal, TiledLog log) {
        this.storage = storage;
        this.wal = wal;
        this.reader = wal.reader();
        this.log = log;
        this.state = RootState.of(entries);
    }

    /// Opens or makes the root log and publishes what a crash left unpublished.
    ///
    /// @throws IOException when the files contradict each other: nothing is repaired by guessing
    public static RootLog open(ShardFiles files, NoteSigner signer, RandomGenerator random) throws IOException {
        files.publishKeys(RootEntry.LOG, signer);
        Spool wal = Spool.open(new SpoolSettings(files.rootWriteAheadLog(), SEGMENT_BYTES, MAX_BYTES), random);
        try {
            LogStorage storage = files.root();
            TiledLog log = TiledLog.open(storage, signer);
            if (!wal.missing().isEmpty() || wal.progress().durable() < log.size()) {
                throw new IOException("the write-ahead log of the root log lacks entries");
            }
            RootLog root = new RootLog(storage, wal, log);
            root.read();
            root.follow();
            return root;
        } catch (IOException | RuntimeException e) {
            wal.close();
            throw e;
        }
    }

    private void read() throws IOException {
        long size = log.published().size();
        for (long bundle = 0; bundle * Tile.FULL < size; bundle++) {
            TiledLog.bundle(storage, bundle, size).forEach(this::take);
        }
        state = RootState.of(entries);
    }

    /// Entries of a later release are kept, and not understood.
    private void take(byte[] leaf) {
        RootEntry.parse(leaf).ifPresent(entries::add);
    }

    /// Adds an entry and publishes it.
    ///
    /// @throws IOException when it is not certain to be there; only a restart tells
    public synchronized void append(RootEntry entry) throws IOException {
        if (failed) {
            throw new IOException("the root log has failed before: free the disk and restart the audit-service");
        }
        try {
            wal.append(_ -> entry.bytes()).join();
            follow();
        } catch (CompletionException e) {
            failed = true;
            throw new IOException("the root log cannot be written", e);
        } catch (IOException | RuntimeException e) {
            failed = true;
            throw e;
        }
    }

    /// As [dev.postern.auditing.shard.Shard] does it: what is on the disk goes into the tree, is published, and only
    /// then leaves the write-ahead log.
    private void follow() throws IOException {
        List<StoredEntry> fresh = reader.next(MAX_READ, SEGMENT_BYTES);
        while (!fresh.isEmpty()) {
            for (StoredEntry entry : fresh) {
                apply(entry);
            }
            log.publish();
            wal.acknowledge(log.size());
            state = RootState.of(entries);
            fresh = reader.next(MAX_READ, SEGMENT_BYTES);
        }
    }

    private void apply(StoredEntry entry) throws IOException {
        long index = entry.sequence() - 1;
        long published = log.published().size();
        if (index < published) {
            if (!Arrays.equals(TiledLog.entry(storage, index, published), entry.payload())) {
                throw new IOException("the write-ahead log contradicts the published root log at entry " + index);
            }
        } else if (index == log.size()) {
            log.append(entry.payload());
            take(entry.payload());
        } else {
            throw new IOException("the write-ahead log lacks entry " + log.size() + " of the root log");
        }
    }

    /// What its entries come to.
    public synchronized RootState state() {
        return state;
    }

    /// Entries, those of later releases included.
    public synchronized long size() {
        return log.size();
    }

    /// False once a write failed.
    public synchronized boolean writable() {
        return !failed;
    }

    @Override
    public synchronized void close() throws IOException {
        reader.close();
        wal.close();
    }
}
