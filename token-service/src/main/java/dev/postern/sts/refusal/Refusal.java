package dev.postern.sts.refusal;

import java.util.Arrays;

/// What an OAuth end point answers when it does nothing (RFC 6749 section 5.2 and the RFCs that add to it).
public enum Refusal {
    INVALID_REQUEST("invalid_request", 400),
    INVALID_CLIENT("invalid_client", 401),
    /// The client may not do this, or policy denies it.
    UNAUTHORIZED_CLIENT("unauthorized_client", 400),
    UNSUPPORTED_GRANT_TYPE("unsupported_grant_type", 400),
    INVALID_SCOPE("invalid_scope", 400),
    /// RFC 8707.
    INVALID_TARGET("invalid_target", 400),
    /// RFC 9396.
    INVALID_AUTHORIZATION_DETAILS("invalid_authorization_details", 400),
    /// RFC 9449.
    INVALID_DPOP_PROOF("invalid_dpop_proof", 400),
    /// RFC 9449 section 8: the answer carries a nonce to use.
    USE_DPOP_NONCE("use_dpop_nonce", 400),
    /// No active signing key, no single use to be had, no database, or no durable record.
    TEMPORARILY_UNAVAILABLE("temporarily_unavailable", 503);

    private final String code;
    private final int status;

    Refusal(String code, int status) {
        this.code = code;
        this.status = status;
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    /// The refusal, for a reason that its code says already.
    public Refused exception() {
        return new Refused(this, code);
    }

    /// The refusal, with more to say for the record than its code.
    ///
    /// @param reason for the audit trail; one of a closed set, and never told to the caller
    public Refused because(String reason) {
        return new Refused(this, reason);
    }

    /// Codes that only the framework uses are the caller's fault in a way that needs no name of its own.
    public static Refusal of(String code) {
        return Arrays.stream(values())
                .filter(refusal -> refusal.code.equals(code))
                .findFirst()
                .orElse(INVALID_REQUEST);
    }
}
