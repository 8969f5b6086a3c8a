package dev.postern.auditing.copy;

import dev.postern.auditing.s3.AlteredCopy;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogReader;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One log and its copy.
///
/// Guarantee: the copy's checkpoint is written after all that it covers, so the copy verifies at any instant; a copy
/// that holds another history, or another file, than the log is never changed. For one thread.
final class LogCopy {
    private final LogReader log;
    private final NoteVerifier key;
    private final Batches batches;
    /// The copy's checkpoint, once it was read or written by this process. Octets of length 0: there is none.
    private byte @Nullable [] there;

    private long size;

    LogCopy(LogReader log, NoteVerifier key, Batches batches) {
        this.log = log;
        this.key = key;
        this.batches = batches;
    }

    /// Entries that are known to be in the copy.
    long size() {
        return size;
    }

    /// Brings the copy up to a checkpoint of the log.
    ///
    /// @param note as it was published
    /// @return whether there was anything to do
    /// @throws AlteredCopy when the copy is not of this log's past
    boolean grow(byte[] note, LogStorage copy) throws IOException {
        if (there == null) {
            there = copy.read(LogStorage.CHECKPOINT).orElse(new byte[0]);
        }
        if (Arrays.equals(there, note)) {
            size = checkpoint(note).size();
            return false;
        }
        Checkpoint now = checkpoint(note);
        Checkpoint before = before(there, now);
        size = before.size();
        List<Tile> missing = Tile.since(before.size(), now.size());
        batches.each(missing, tile -> copy.create(tile.path(), TiledLog.file(log, tile)));
        copy.replace(LogStorage.CHECKPOINT, note);
        there = note;
        size = now.size();
        for (Tile tile : missing) {
            if (tile.isFull()
                    && Tile.in(before.size(), tile.level(), tile.index()).isPresent()) {
                copy.deletePartials(tile);
            }
        }
        return true;
    }

    private Checkpoint checkpoint(byte[] note) throws IOException {
        return Checkpoint.open(note, key)
                .orElseThrow(() -> new IOException("the checkpoint of " + key.name() + " is not signed by its key"));
    }

    private Checkpoint before(byte[] copied, Checkpoint now) throws IOException {
        if (copied.length == 0) {
            return new Checkpoint(key.name(), 0, Hash.EMPTY);
        }
        Checkpoint before = Checkpoint.open(copied, key)
                .orElseThrow(
                        () -> new AlteredCopy(key.name() + ": the copy's checkpoint is not signed by the log's key"));
        if (before.size() > now.size()) {
            throw new AlteredCopy(
                    key.name() + ": the copy has " + before.size() + " entries, and the log " + now.size());
        }
        if (!TiledLog.proofs(log, now.size()).root(before.size()).equals(before.root())) {
            throw new AlteredCopy(key.name() + ": the first " + before.size() + " entries are others than in the copy");
        }
        return before;
    }

    /// Reads all of the copy, and compares it with the log.
    ///
    /// @throws AlteredCopy when something is missing or different
    void confirm(byte[] note, LogStorage copy) throws IOException {
        Checkpoint now = checkpoint(note);
        Optional<Checkpoint> copied = copy.read(LogStorage.CHECKPOINT).flatMap(bytes -> Checkpoint.open(bytes, key));
        if (!copied.equals(Optional.of(now))) {
            throw new AlteredCopy(key.name() + ": the copy has another last checkpoint");
        }
        batches.each(Tile.since(0, now.size()), tile -> {
            byte[] content = TiledLog.file(log, tile);
            if (copy.read(tile.path())
                    .filter(bytes -> Arrays.equals(bytes, content))
                    .isEmpty()) {
                throw new AlteredCopy(key.name() + ": " + tile.path() + " is missing in the copy, or another");
            }
        });
    }
}
