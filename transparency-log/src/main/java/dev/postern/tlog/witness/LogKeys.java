package dev.postern.tlog.witness;

import dev.postern.tlog.note.NoteVerifier;
import java.util.List;

/// The logs that a witness looks after.
@FunctionalInterface
public interface LogKeys {

    /// The keys that sign for an origin; none when the log is not known.
    List<NoteVerifier> of(String origin);
}
