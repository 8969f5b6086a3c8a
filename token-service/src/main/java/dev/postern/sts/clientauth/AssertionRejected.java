package dev.postern.sts.clientauth;

/// Why a client was not believed: for the audit trail, never for the caller, who learns `invalid_client` and no more.
enum AssertionRejected {
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

    AssertionRejected(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
