package dev.postern.tlog;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tree.Hash;
import java.util.Optional;

/// Whether a log has only grown since an earlier checkpoint: the tree over its first entries, made anew from them, has
/// the earlier root.
final class Growth {

    private final Optional<Checkpoint> earlier;
    private final Checkpoint now;
    private Optional<Inconsistency> fault = Optional.empty();

    private Growth(Optional<Checkpoint> earlier, Checkpoint now) {
        this.earlier = earlier;
        this.now = now;
    }

    /// @param note  the earlier checkpoint, if there is one; it must be signed by the log's key
    static Growth since(Optional<byte[]> note, NoteVerifier key, Checkpoint now) {
        Growth growth = new Growth(note.flatMap(bytes -> Checkpoint.open(bytes, key)), now);
        if (note.isPresent() && growth.earlier.isEmpty()) {
            growth.fault("the earlier checkpoint is not signed by this log's key");
        }
        growth.earlier.ifPresent(growth::compareSizes);
        return growth;
    }

    private void compareSizes(Checkpoint before) {
        if (before.size() > now.size()) {
            fault("the log had " + before.size() + " entries and has " + now.size() + ": it was cut back");
        } else if (before.size() == now.size()) {
            compareRoots(before, now.root());
        } else if (before.size() == 0) {
            compareRoots(before, Hash.EMPTY);
        }
    }

    /// Whether the root over this many leaves is wanted.
    boolean endsAt(long size) {
        return earlier.filter(before -> before.size() == size).isPresent();
    }

    /// Called with the root over the first entries, as many as the earlier checkpoint has.
    void rootThen(Hash root) {
        earlier.ifPresent(before -> compareRoots(before, root));
    }

    private void compareRoots(Checkpoint before, Hash root) {
        if (!before.root().equals(root)) {
            fault("the first " + before.size() + " of its " + now.size()
                    + " entries are not those of the earlier checkpoint: the log was rewritten");
        }
    }

    private void fault(String what) {
        fault = fault.or(() -> Optional.of(new Inconsistency(-1, LogStorage.CHECKPOINT, what)));
    }

    Optional<Inconsistency> fault() {
        return fault;
    }
}
