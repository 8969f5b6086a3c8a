package dev.postern.session;

/// A key configuration a client must not use.
public final class KeyConfigRejected extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /// Why.
    public enum Reason {
        /// No JWS of the right type and algorithm, or no configuration in it.
        MALFORMED,
        /// The chain does not lead to an anchor.
        UNTRUSTED_CHAIN,
        /// Signed by somebody else than the relay we expect, or speaking for another.
        WRONG_IDENTITY,
        /// The signature is not the leaf's.
        BAD_SIGNATURE,
        /// Meant for another audience.
        WRONG_AUDIENCE,
        NOT_YET_VALID,
        EXPIRED
    }

    KeyConfigRejected(Reason reason) {
        super(reason.name());
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
