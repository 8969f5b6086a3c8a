package dev.postern.relay.problem;

/// Every way a request can fail on its stream. The set is closed: what is not here never leaves the relay.
public enum FailureCode {
    BAD_REQUEST("bad-request", 400, Category.CALLER, "The request is not valid."),
    TOKEN_EXPIRED("token-expired", 401, Category.CALLER, "The access token has expired."),
    FORBIDDEN("forbidden", 403, Category.CALLER, "The token does not allow this request."),
    POLICY_BLOCKED("policy-blocked", 403, Category.CALLER, "The tenant's policy does not let this request pass."),
    UNKNOWN_MODEL("unknown-model", 404, Category.CALLER, "There is no such model."),
    EFFECT_UNKNOWN(
            "effect-unknown",
            409,
            Category.CALLER,
            "A request with this msg_id was begun, and what became of it is not known."),
    TOO_LARGE("too-large", 413, Category.CALLER, "The request is larger than allowed."),
    UPSTREAM_REJECTED("upstream-rejected", 400, Category.CALLER, "The model server refused the request."),
    OVERLOADED("overloaded", 429, Category.CAPACITY, "Too many requests at once."),
    CANCELLED("cancelled", 499, Category.CALLER, "The client went away."),
    INTERNAL("internal", 500, Category.US, "The relay failed."),
    UPSTREAM_UNAVAILABLE("upstream-unavailable", 502, Category.DEPENDENCY, "The model server cannot be reached."),
    RESTORATION_UNAVAILABLE("restoration-unavailable", 502, Category.DEPENDENCY, "The answer could not be restored."),
    REDACTION_UNAVAILABLE(
            "redaction-unavailable", 503, Category.DEPENDENCY, "Redaction is not available; nothing was sent."),
    REVOCATION_UNAVAILABLE(
            "revocation-unavailable",
            503,
            Category.DEPENDENCY,
            "Nobody can say right now whether the token was revoked."),
    UPSTREAM_TIMEOUT("upstream-timeout", 504, Category.DEPENDENCY, "The model server did not answer in time.");

    /// Whose matter a failure is.
    public enum Category {
        CALLER,
        US,
        CAPACITY,
        DEPENDENCY
    }

    private final String wireName;
    private final int status;
    private final Category category;
    private final String title;

    FailureCode(String wireName, int status, Category category, String title) {
        this.wireName = wireName;
        this.status = status;
        this.category = category;
        this.title = title;
    }

    /// The `code` member, also the bounded value for metric tags.
    public String wireName() {
        return wireName;
    }

    public int status() {
        return status;
    }

    public Category category() {
        return category;
    }

    String title() {
        return title;
    }
}
