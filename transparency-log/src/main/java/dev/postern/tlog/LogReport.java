package dev.postern.tlog;

import dev.postern.tlog.note.Checkpoint;
import java.util.Optional;

/// The outcome of checking one log.
///
/// @param checkpoint     the signed commitment, if it could be read
/// @param leaves         leaves read and hashed
/// @param inconsistency  the first one found; empty for a sound log
public record LogReport(Optional<Checkpoint> checkpoint, long leaves, Optional<Inconsistency> inconsistency) {

    public boolean sound() {
        return inconsistency.isEmpty();
    }
}
