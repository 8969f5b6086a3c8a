package dev.postern.audit.spool;

import java.io.Serial;

/// The spool takes no entries.
public final class SpoolUnavailable extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /// Why.
    public enum Reason {
        /// Too many unacknowledged bytes, or too many entries waiting for the disk.
        FULL,
        /// A write or fsync failed. After a failed fsync nobody knows what is on disk, so this never heals.
        FAILED,
        /// Closed by its owner.
        CLOSED
    }

    SpoolUnavailable(Reason reason) {
        super("spool unavailable: " + reason);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
