package dev.postern.sts.signing;

/// The key-rotation-service did not take a key.
final class KeyNotRegistered extends Exception {

    enum Reason {
        /// No good answer: the same key is offered again.
        UNAVAILABLE,
        /// The id is or was another key's, or this key's own time is over: it will never be taken.
        KEY_ID_TAKEN
    }

    private final Reason reason;

    KeyNotRegistered(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
