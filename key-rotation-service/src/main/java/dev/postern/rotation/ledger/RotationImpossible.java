package dev.postern.rotation.ledger;

/// An operator's rotation did not happen.
public final class RotationImpossible extends RuntimeException {
    public enum Reason {
        NOTHING_ACTIVE,
        NO_SPARE
    }

    private final Reason reason;

    RotationImpossible(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
