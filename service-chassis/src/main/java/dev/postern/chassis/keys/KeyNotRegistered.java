package dev.postern.chassis.keys;

/// The key-rotation-service did not take a key.
public final class KeyNotRegistered extends Exception {
    /// Why not.
    public enum Reason {
        /// No good answer: the same key is offered again.
        UNAVAILABLE,
        /// A clear no, for now or for good; which of the two is not told. For now: this process, its
        /// service or the ledger has as many keys as it may, until some of them have ended. Until the
        /// platform is changed: this service may not own keys of the class, or sends what is not
        /// understood. The same key is offered again.
        REFUSED,
        /// The id is or was another key's, or this key's own time is over: it will never be taken.
        KEY_ID_TAKEN
    }

    private final Reason reason;

    public KeyNotRegistered(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
