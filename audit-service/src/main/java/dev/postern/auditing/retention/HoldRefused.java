package dev.postern.auditing.retention;

import java.io.Serial;

/// A hold cannot be placed, or released, as asked.
final class HoldRefused extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /// Why.
    enum Reason {
        /// There is another one of that name.
        EXISTS,
        /// There is none of that name.
        UNKNOWN,
        /// Something of what it names is deleted, or shredded, already.
        GONE,
        /// There are as many as there may be.
        TOO_MANY
    }

    private final Reason reason;

    HoldRefused(Reason reason) {
        super("hold refused: " + reason);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
