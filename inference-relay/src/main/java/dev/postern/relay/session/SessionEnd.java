package dev.postern.relay.session;

import dev.postern.session.Refusal;

/// Why a session ended, and what its connection is closed with.
enum SessionEnd {
    CLIENT_CLOSED("client-closed", 1000, "closed"),
    CONNECTION_LOST("connection-lost", 1000, "closed"),
    EXPIRED("expired", Refusal.SESSION_UNKNOWN),
    IDLE("idle", Refusal.SESSION_UNKNOWN),
    NEVER_CONFIRMED("never-confirmed", Refusal.SESSION_UNKNOWN),
    /// Another owner took its fence.
    FENCED("fenced", Refusal.SESSION_UNKNOWN),
    /// Redis was away for longer than configured.
    STORE_LOST("store-lost", Refusal.STORE_UNAVAILABLE),
    /// Its token, or what the token belongs to, was taken back.
    REVOKED("revoked", Refusal.FORBIDDEN),
    /// Somebody else may hold the relay key that its OPEN was sealed to.
    KEY_COMPROMISED("key-compromised", Refusal.SESSION_UNKNOWN),
    /// A bug of ours.
    FAILED("failed", Refusal.SESSION_UNKNOWN),
    SHUTDOWN("shutdown", Refusal.SESSION_UNKNOWN);

    private final String reason;
    private final int closeCode;
    private final String closeReason;

    SessionEnd(String reason, Refusal refusal) {
        this(reason, refusal.closeCode(), refusal.code());
    }

    SessionEnd(String reason, int closeCode, String closeReason) {
        this.reason = reason;
        this.closeCode = closeCode;
        this.closeReason = closeReason;
    }

    /// For the audit trail, the metrics and the CLOSE frame.
    String reason() {
        return reason;
    }

    int closeCode() {
        return closeCode;
    }

    String closeReason() {
        return closeReason;
    }
}
