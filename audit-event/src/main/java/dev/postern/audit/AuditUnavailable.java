package dev.postern.audit;

import java.io.Serial;

/// The event could not be put on disk, so whoever wanted to act must not act.
public final class AuditUnavailable extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /// Why the trail refuses.
    public enum Reason {
        /// The spool holds as many unshipped bytes as it may; it recovers when the audit-service does.
        FULL,
        /// A write or fsync failed; the trail refuses everything until the service restarts.
        FAILED,
        /// The trail was closed.
        CLOSED,
        /// The waiting thread was interrupted; the event may or may not be recorded.
        INTERRUPTED
    }

    public AuditUnavailable(Reason reason) {
        super("audit trail unavailable: " + reason);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
