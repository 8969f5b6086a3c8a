package dev.postern.tlog;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogReader;
import dev.postern.tlog.store.LogStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/// Checks a whole log from its files, or from a server, and its public key alone.
///
/// Guarantee: a sound report means that the checkpoint is signed by the key, that the entries have exactly its root,
/// that every tile belongs to that tree, and, given an earlier checkpoint, that the log only grew since, and, given
/// witnesses, that each of them cosigned this checkpoint. A flipped bit
/// in any file, a missing file and, in a directory, a foreign file are found and named. Non-guarantee: without an
/// earlier checkpoint, a log that was forked or cut back, and signed again by its own key, is sound in itself: only a
/// witness shows that.
///
/// Memory does not grow with the log.
public final class LogVerifier {

    private static final LeafVisitor NOBODY = (_, _) -> {};

    private LogVerifier() {}

    public static LogReport verify(Path log, NoteVerifier key) throws IOException {
        return verify(log, key, PriorKnowledge.NONE, NOBODY);
    }

    /// As [#verify(Path, NoteVerifier)].
    ///
    /// @param prior   earlier checkpoints of this log in it are held against the log
    /// @param leaves  sees every leaf; what it sees is proven only once the report is sound
    public static LogReport verify(Path log, NoteVerifier key, PriorKnowledge prior, LeafVisitor leaves)
            throws IOException {
        LogReport tree = verifyServed(new LogFiles(log), key, prior, leaves);
        if (tree.checkpoint().isEmpty() || !tree.sound()) {
            return tree;
        }
        Optional<Inconsistency> first = new FileCheck(
                        log, tree.checkpoint().get().size())
                .run().stream().min(Comparator.comparingLong(Inconsistency::index));
        return new LogReport(tree.checkpoint(), tree.leaves(), first);
    }

    /// As [#verify(Path, NoteVerifier, PriorKnowledge, LeafVisitor)], where files can be read but not listed: whether
    /// more lies there than the tree needs is not told.
    public static LogReport verifyServed(LogReader log, NoteVerifier key, PriorKnowledge prior, LeafVisitor leaves)
            throws IOException {
        Optional<byte[]> note = log.read(LogStorage.CHECKPOINT);
        if (note.isEmpty()) {
            return unsound("there is no checkpoint");
        }
        Optional<Checkpoint> checkpoint = Checkpoint.open(note.get(), key);
        if (checkpoint.isEmpty()) {
            return unsound("the checkpoint is not signed by this key");
        }
        Optional<String> missing = prior.missingWitness(note.get());
        if (missing.isPresent()) {
            return unsound("the checkpoint is not " + missing.get());
        }
        Growth growth = Growth.since(prior.checkpoints(key.name()), key, checkpoint.get());
        TreeCheck tree = new TreeCheck(log, checkpoint.get(), growth, leaves);
        Optional<Inconsistency> first = growth.fault();
        if (first.isEmpty()) {
            first = tree.run().or(growth::fault);
        }
        return new LogReport(checkpoint, tree.leaves(), first);
    }

    private static LogReport unsound(String what) {
        return new LogReport(Optional.empty(), 0, Optional.of(new Inconsistency(-1, LogStorage.CHECKPOINT, what)));
    }
}
