package dev.postern.session;

/// A client cannot complete its handshake. The attempt is over and its keys are erased; begin again, never with a
/// weaker suite.
public final class HandshakeFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /// Why.
    public enum Reason {
        /// The relay publishes none of the suites this client permits.
        NO_COMMON_SUITE,
        /// A challenge that is not 32 octets of base64url, or a key that is none.
        UNUSABLE_OFFER,
        /// ACCEPT has the wrong form or length.
        MALFORMED_ACCEPT,
        /// ACCEPT does not open, or its finish does not verify: not from the relay we asked, or altered.
        FORGED_ACCEPT
    }

    HandshakeFailed(Reason reason) {
        super(reason.name());
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
