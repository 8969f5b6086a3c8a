package dev.postern.tlog;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tree.Hash;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/// Whether a log has only grown since earlier checkpoints: the tree over its first entries, made anew from them, has
/// the root of each.
final class Growth {

    private final Checkpoint now;
    /// Those whose root is still to be compared, the smallest first.
    private final PriorityQueue<Checkpoint> earlier = new PriorityQueue<>(Comparator.comparingLong(Checkpoint::size));
    private Optional<Inconsistency> fault = Optional.empty();

    private Growth(Checkpoint now) {
        this.now = now;
    }

    /// @param notes  the earlier checkpoints; they must be signed by the log's key
    static Growth since(List<byte[]> notes, NoteVerifier key, Checkpoint now) {
        Growth growth = new Growth(now);
        for (byte[] note : notes) {
            Checkpoint.open(note, key)
                    .ifPresentOrElse(
                            growth::take, () -> growth.fault("an earlier checkpoint is not signed by this log's key"));
        }
        return growth;
    }

    private void take(Checkpoint before) {
        if (before.size() > now.size()) {
            fault("the log had " + before.size() + " entries and has " + now.size() + ": it was cut back");
        } else if (before.size() == now.size()) {
            compareRoots(before, now.root());
        } else if (before.size() == 0) {
            compareRoots(before, Hash.EMPTY);
        } else {
            earlier.add(before);
        }
    }

    /// Whether the root over this many leaves is wanted.
    boolean endsAt(long size) {
        Checkpoint next = earlier.peek();
        return next != null && next.size() == size;
    }

    /// Called with the root over the first entries, as many as are wanted.
    void rootThen(long size, Hash root) {
        while (endsAt(size)) {
            compareRoots(earlier.remove(), root);
        }
    }

    private void compareRoots(Checkpoint before, Hash root) {
        if (!before.root().equals(root)) {
            fault("the first " + before.size() + " of its " + now.size()
                    + " entries are not those of an earlier checkpoint: the log was rewritten");
        }
    }

    private void fault(String what) {
        fault = fault.or(() -> Optional.of(new Inconsistency(-1, LogStorage.CHECKPOINT, what)));
    }

    Optional<Inconsistency> fault() {
        return fault;
    }
}
