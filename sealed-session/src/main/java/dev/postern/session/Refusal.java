package dev.postern.session;

/// How a handshake or a session is refused: one name on every wire. A WebSocket is closed with [#closeCode] and
/// [#code] as its reason.
public enum Refusal {
    /// Unknown or expired key_id, or a suite the relay does not accept: fetch and verify the key configuration
    /// again.
    KEY_CONFIG("key-config", 422, 4422),
    /// Missing or stale challenge: OPEN again, once, with a fresh one.
    CHALLENGE("challenge", 401, 4401),
    /// Decryption, token or proof: deliberately one name for all.
    OPEN_REJECTED("open-rejected", 401, 4401),
    /// Policy, or revoked: stop.
    FORBIDDEN("forbidden", 403, 4403),
    /// This encapsulation or proof was seen before: OPEN with a new ephemeral.
    OPEN_REPLAYED("open-replayed", 409, 4409),
    /// No such session here: OPEN again.
    SESSION_UNKNOWN("session-unknown", 410, 4410),
    TOO_LARGE("too-large", 413, 4429),
    /// Back off.
    LIMIT("limit", 429, 4429),
    /// Fails closed: try again later.
    STORE_UNAVAILABLE("store-unavailable", 503, 4503),
    /// Fails closed: try again later.
    REVOCATION_UNAVAILABLE("revocation-unavailable", 503, 4503);

    private final String code;
    private final int httpStatus;
    private final int closeCode;

    Refusal(String code, int httpStatus, int closeCode) {
        this.code = code;
        this.httpStatus = httpStatus;
        this.closeCode = closeCode;
    }

    public String code() {
        return code;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /// The WebSocket close code (RFC 6455 s7.4.2, private use).
    public int closeCode() {
        return closeCode;
    }
}
