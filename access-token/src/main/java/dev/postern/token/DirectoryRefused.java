package dev.postern.token;

/// A key directory was not taken over; the one before stays in force until it is too old.
public final class DirectoryRefused extends Exception {

    /// Why; safe as a metric tag.
    public enum Reason {
        /// No answer, or not 200.
        UNREACHABLE,
        /// The server is not the key-rotation-service.
        WRONG_SERVER,
        /// Not a directory signed by the key-rotation-service.
        FORGED,
        MALFORMED,
        /// An older version than one already seen.
        ROLLED_BACK,
        /// Signed too long ago, or in a future: somebody keeps newer ones back, or clocks are apart.
        OUT_OF_TIME,
        /// The version already seen, with other keys.
        CONTRADICTORY
    }

    private final Reason reason;

    DirectoryRefused(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
