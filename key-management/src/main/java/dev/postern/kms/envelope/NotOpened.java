package dev.postern.kms.envelope;

/// A stored value did not open. Says why, and nothing of the value.
public final class NotOpened extends Exception {
    private static final long serialVersionUID = 1;

    public enum Reason {
        /// It has not the form of a sealed record.
        NO_RECORD,
        /// The data key is not there: destroyed, or of another store.
        UNKNOWN_KEY,
        /// It was altered, moved from another place, or sealed under another key.
        NOT_AUTHENTIC
    }

    private final Reason reason;

    NotOpened(Reason reason) {
        super("A stored value does not open: " + reason + ".", null, false, true);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
