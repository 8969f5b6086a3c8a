package dev.postern.cli.audit.archive;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;

/// A log of which an archive holds entries.
///
/// @param key         its public key
/// @param note        a signed checkpoint, to which every proof leads
/// @param checkpoint  what the note says
public record ArchivedLog(NoteVerifier key, String note, Checkpoint checkpoint) {

    public String origin() {
        return checkpoint.origin();
    }
}
