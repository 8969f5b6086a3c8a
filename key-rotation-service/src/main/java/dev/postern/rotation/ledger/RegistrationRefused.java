package dev.postern.rotation.ledger;

/// A key is not taken into the ledger.
public final class RegistrationRefused extends RuntimeException {
    public enum Reason {
        KEY_ID_TAKEN,
        TOO_MANY_KEYS,
        /// A certificate that outlives what the ledger remembers of it.
        LIVES_TOO_LONG
    }

    private final Reason reason;

    RegistrationRefused(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
