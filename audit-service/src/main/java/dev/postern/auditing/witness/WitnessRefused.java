package dev.postern.auditing.witness;

import java.io.Serial;

/// A witness gave no cosignature. The message is one sentence for the log.
final class WitnessRefused extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /// Why.
    enum Kind {
        /// It does not answer, or not as a witness does.
        AWAY,
        /// It has seen a history of this log that this one does not continue.
        CONTRADICTS
    }

    WitnessRefused(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
