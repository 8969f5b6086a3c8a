package dev.postern.tlog;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/// Checks a whole log offline, from its directory and its public key alone.
///
/// Guarantee: a sound report means that the checkpoint is signed by the key, that the entries on disk have exactly its
/// root, and
/// that every tile and partial tile on disk belongs to that tree. A flipped bit in any file, a missing file and a
/// foreign file are
/// found and named. Non-guarantee: a log that was forked or cut back, and signed again by its own key, is sound in
/// itself: only a
/// witness or an older checkpoint shows that.
public final class LogVerifier {

    private static final LeafVisitor NOBODY = (_, _) -> {};

    private LogVerifier() {}

    public static LogReport verify(Path log, NoteVerifier key) throws IOException {
        return verify(log, key, NOBODY);
    }

    /// As [#verify(Path, NoteVerifier)].
    ///
    /// @param leaves  sees every leaf; what it sees is proven only once the report is sound
    public static LogReport verify(Path log, NoteVerifier key, LeafVisitor leaves) throws IOException {
        byte[] note;
        try {
            note = Files.readAllBytes(log.resolve(LogStorage.CHECKPOINT));
        } catch (NoSuchFileException _) {
            return unsound("there is no checkpoint");
        }
        Optional<Checkpoint> checkpoint = Checkpoint.open(note, key);
        if (checkpoint.isEmpty()) {
            return unsound("the checkpoint is not signed by this key");
        }
        TreeCheck tree = new TreeCheck(log, checkpoint.get(), leaves);
        Optional<Inconsistency> first = tree.run();
        if (first.isEmpty()) {
            first = new FileCheck(log, checkpoint.get().size())
                    .run().stream().min(Comparator.comparingLong(Inconsistency::index));
        }
        return new LogReport(checkpoint, tree.leaves(), first);
    }

    private static LogReport unsound(String what) {
        return new LogReport(Optional.empty(), 0, Optional.of(new Inconsistency(-1, LogStorage.CHECKPOINT, what)));
    }
}
