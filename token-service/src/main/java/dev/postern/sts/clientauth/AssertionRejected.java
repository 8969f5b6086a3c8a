package dev.postern.sts.clientauth;

import org.springframework.security.oauth2.jwt.JwtException;

/// A client assertion was refused. The reason goes to the audit trail, never to the caller, who learns
/// `invalid_client` and no more.
public final class AssertionRejected extends JwtException {

    /// Why; a closed set.
    public enum Reason {
        MALFORMED("assertion-malformed"),
        WRONG_ALGORITHM("assertion-algorithm"),
        UNKNOWN_KEY("assertion-key"),
        BAD_SIGNATURE("assertion-signature"),
        WRONG_CLIENT("assertion-client"),
        WRONG_AUDIENCE("assertion-audience"),
        EXPIRED("assertion-expired"),
        NOT_YET_VALID("assertion-not-yet-valid"),
        TOO_LONG_LIVED("assertion-lifetime"),
        NO_ID("assertion-id"),
        REPLAYED("assertion-replayed");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    private final Reason reason;

    AssertionRejected(Reason reason) {
        super(reason.code());
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // an answer, not a fault
    }
}
