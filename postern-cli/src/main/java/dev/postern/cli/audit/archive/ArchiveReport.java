package dev.postern.cli.audit.archive;

import java.util.List;
import java.util.Optional;

/// What was found in an archive.
///
/// @param events  that were checked
/// @param logs    whose checkpoints are signed by their keys
/// @param fault   the first one; empty for an archive that proves what it says
public record ArchiveReport(long events, List<ArchivedLog> logs, Optional<Fault> fault) {

    /// What is wrong, and where.
    ///
    /// @param line   from 1
    /// @param index  of the entry in its log; -1 when it is about none
    /// @param what   one sentence
    public record Fault(long line, long index, String what) {}

    public boolean sound() {
        return fault.isEmpty();
    }
}
