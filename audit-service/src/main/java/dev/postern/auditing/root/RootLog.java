package dev.postern.auditing.root;

import dev.postern.audit.root.RootEntry;
import dev.postern.audit.root.RootState;
import dev.postern.audit.spool.SpoolSettings;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.WrittenLog;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.util.ArrayList;
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

    private final WrittenLog log;
    private final List<RootEntry> entries = new ArrayList<>();
    private RootState state = RootState.of(entries);
    private boolean failed;

    private RootLog(WrittenLog log) {
        this.log = log;
    }

    /// Opens or makes the root log and publishes what a crash left unpublished.
    ///
    /// @throws IOException when the files contradict each other: nothing is repaired by guessing
    public static RootLog open(ShardFiles files, NoteSigner signer, RandomGenerator random) throws IOException {
        files.publishKeys(RootEntry.LOG, signer);
        LogStorage storage = files.root();
        WrittenLog log = WrittenLog.open(
                "the root log",
                storage,
                new SpoolSettings(files.rootWriteAheadLog(), SEGMENT_BYTES, MAX_BYTES),
                signer,
                random);
        try {
            RootLog root = new RootLog(log);
            long size = log.published();
            for (long bundle = 0; bundle * Tile.FULL < size; bundle++) {
                root.take(TiledLog.bundle(storage, bundle, size));
            }
            root.follow();
            return root;
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /// Entries of a later release are kept, and not understood.
    private void take(List<byte[]> leaves) {
        leaves.forEach(leaf -> RootEntry.parse(leaf).ifPresent(entries::add));
        state = RootState.of(entries);
    }

    /// Adds an entry and publishes it.
    ///
    /// @throws IOException when it is not certain to be there; only a restart tells
    public synchronized void append(RootEntry entry) throws IOException {
        if (failed) {
            throw new IOException("the root log has failed before: free the disk and restart the audit-service");
        }
        try {
            var _ = log.append(entry.bytes()).join();
            follow();
        } catch (CompletionException e) {
            failed = true;
            throw new IOException("the root log cannot be written", e);
        } catch (IOException | RuntimeException e) {
            failed = true;
            throw e;
        }
    }

    private void follow() throws IOException {
        log.follow((_, fresh) -> take(fresh));
    }

    /// What its entries come to.
    public synchronized RootState state() {
        return state;
    }

    /// Entries, those of later releases included.
    public synchronized long size() {
        return log.published();
    }

    /// False once a write failed.
    public synchronized boolean writable() {
        return !failed;
    }

    @Override
    public synchronized void close() throws IOException {
        log.close();
    }
}
