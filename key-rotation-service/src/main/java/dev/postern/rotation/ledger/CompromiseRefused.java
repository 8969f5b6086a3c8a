package dev.postern.rotation.ledger;

/// A compromise names nothing that can be denied.
public final class CompromiseRefused extends RuntimeException {
    public enum Reason {
        /// No such key, or none of the class is active, or it is compromised already.
        NOTHING_TO_DENY,
        /// Of certificates one must be named, or whose: all at once would deny this service itself.
        TOO_MANY_MEANT
    }

    private final Reason reason;

    CompromiseRefused(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
