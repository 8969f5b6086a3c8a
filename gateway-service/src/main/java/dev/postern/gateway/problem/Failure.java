package dev.postern.gateway.problem;

import static dev.postern.gateway.problem.Category.CALLER;
import static dev.postern.gateway.problem.Category.CAPACITY;
import static dev.postern.gateway.problem.Category.DEPENDENCY;
import static dev.postern.gateway.problem.Category.QUOTA;
import static dev.postern.gateway.problem.Category.US;

import java.util.Locale;
import java.util.Optional;

/// Everything that can go wrong between a client and its answer, with the one sentence that the client reads.
///
/// Guarantee: the set is closed and no sentence holds anything of a request, an exception or an upstream answer, so
/// codes are safe as metric tags and audit reasons.
public enum Failure {
    TOKEN_MISSING(401, CALLER, "token_missing", "Send an access token: Authorization: Bearer <token>."),
    TOKEN_INVALID(
            401,
            CALLER,
            "invalid_api_key",
            "The access token is not valid here: it is expired, for another audience, bound to a key, or not ours."),
    TOKEN_EXPIRED(401, CALLER, "token_expired", "The access token expired: ask for a new one."),
    TOKEN_AMBIGUOUS(
            400, CALLER, "ambiguous_token", "Send exactly one Authorization header with one access token, once."),
    TOKEN_REVOKED(401, CALLER, "token_revoked", "The access token was taken back."),
    TOKEN_OUTDATED(
            401,
            CALLER,
            "token_outdated",
            "The access token was issued under a policy that changed: ask for a new one."),
    TOKEN_SPENT(401, CALLER, "token_spent", "The access token was used as often as it may be."),
    PROOF_MISSING(401, CALLER, "proof_missing", "Send exactly one DPoP proof with a token of the scheme DPoP."),
    PROOF_INVALID(
            401,
            CALLER,
            "invalid_dpop_proof",
            "The DPoP proof is not for this request: wrong key, method, address or token, too old, or not well-formed."),
    PROOF_REPLAYED(401, CALLER, "dpop_proof_replayed", "The DPoP proof was used before: make one for each request."),
    PROOF_NONCE(401, CALLER, "use_dpop_nonce", "Make the DPoP proof with the nonce that this answer carries."),
    ADDRESS_REFUSED(403, CALLER, "address_refused", "This access token is not for the network you call from."),
    USE_REFUSED(403, CALLER, "token_use_refused", "This access token is for something else than this operation."),
    POLICY_DENIED(
            403,
            CALLER,
            "policy_denied",
            "Policy does not allow this request. Name its Postern-Request-Id when you ask why."),
    FACTS_INVALID(
            400,
            CALLER,
            "invalid_request_label",
            "The headers Postern-Sensitivity and Postern-Latency-Class take one of their documented values, once."),
    SCOPE_MISSING(403, CALLER, "insufficient_scope", "The access token lacks the scope that this operation asks for."),
    FORBIDDEN(403, CALLER, "forbidden", "This access token does not allow that."),
    SEALED_UNCOUNTED(
            403,
            CALLER,
            "sealed_not_for_limited",
            "Limits apply to this client or token, and nobody can count them in a sealed session: use the API."),
    UPGRADE_REQUIRED(426, CALLER, "upgrade_required", "Open a WebSocket here, with the subprotocol ssp1."),
    NOT_FOUND(404, CALLER, "unknown_url", "There is nothing at this path."),
    ORIGIN_REFUSED(403, CALLER, "origin_refused", "Pages of this origin may not call from a browser."),
    METHOD_NOT_ALLOWED(405, CALLER, "method_not_allowed", "This path does not take this method."),
    TOO_SLOW(408, CALLER, "request_timeout", "The request did not arrive in time."),
    MALFORMED(400, CALLER, "malformed_request", "The request is not well-formed."),
    MALFORMED_JSON(
            400,
            CALLER,
            "malformed_json",
            "The body must be one well-formed JSON object in UTF-8 without duplicate members."),
    MODEL_MISSING(400, CALLER, "missing_model", "The member 'model' must be a non-empty string.", "model"),
    STREAM_INVALID(400, CALLER, "invalid_stream", "The member 'stream' must be a boolean.", "stream"),
    STREAM_UNSUPPORTED(400, CALLER, "unsupported_stream", "This operation cannot be streamed.", "stream"),
    CONVERSATION_INVALID(
            400,
            CALLER,
            "invalid_conversation",
            "The header Postern-Conversation must be 1 to 128 letters, digits, dots, colons, dashes or underscores."),
    TOO_MANY_HEADERS(431, CALLER, "too_many_headers", "The request has more headers than the limit."),
    TOO_LARGE(413, CALLER, "request_too_large", "The request is larger than the limit."),
    UNSUPPORTED_MEDIA_TYPE(
            415, CALLER, "unsupported_media_type", "Send the body as application/json in UTF-8, not encoded."),
    BAD_REQUEST(400, CALLER, "bad_request", "The request was refused as malformed."),
    POLICY_BLOCKED(403, CALLER, "policy_blocked", "The tenant's policy does not let this request pass."),
    UNKNOWN_MODEL(404, CALLER, "model_not_found", "The model does not exist, or this token may not use it.", "model"),
    MODEL_REJECTED(400, CALLER, "upstream_rejected", "The model's server refused the request as invalid."),
    MODEL_UNPROCESSABLE(422, CALLER, "upstream_unprocessable", "The model's server could not process the request."),
    RATE_LIMITED(
            429,
            QUOTA,
            "rate_limit_exceeded",
            "A rate limit is reached: the RateLimit headers say which, Retry-After says when to try again."),
    QUOTA_EXHAUSTED(
            429,
            QUOTA,
            "insufficient_quota",
            "A budget is used up, or has less left than this request may use: the RateLimit headers say which."),
    MODEL_BUSY(429, CAPACITY, "upstream_rate_limited", "The model's server takes no more requests right now."),
    OVERLOADED(429, CAPACITY, "overloaded", "Too many requests are under way: try again shortly."),
    READER_TOO_SLOW(
            408, CALLER, "reader_too_slow", "The answer was ended because it was not read as fast as it was written."),
    ANSWER_WITHHELD(
            503,
            DEPENDENCY,
            "answer_withheld",
            "The answer was ended because whether tokens were taken back could not be known for too long."),
    ANSWER_TOO_LARGE(502, DEPENDENCY, "answer_too_large", "The answer is larger than the limit."),
    UPSTREAM_UNAVAILABLE(502, DEPENDENCY, "upstream_unavailable", "The model's server cannot be reached."),
    ANSWER_TRUNCATED(502, DEPENDENCY, "answer_truncated", "The answer broke off before its end."),
    RESTORATION_UNAVAILABLE(502, DEPENDENCY, "restoration_unavailable", "The answer could not be restored."),
    REDACTION_UNAVAILABLE(
            503,
            DEPENDENCY,
            "redaction_unavailable",
            "Redaction is not available, so nothing was sent to the model: try again shortly."),
    REVOCATION_UNAVAILABLE(
            503,
            DEPENDENCY,
            "revocation_unavailable",
            "Whether tokens were taken back cannot be known right now: try again shortly."),
    REPLAY_UNAVAILABLE(
            503,
            DEPENDENCY,
            "replay_protection_unavailable",
            "Whether a proof or token was used before cannot be known right now: try again shortly."),
    POLICY_UNAVAILABLE(503, DEPENDENCY, "policy_unavailable", "No policy is in force yet: try again shortly."),
    ADMISSION_UNAVAILABLE(
            503,
            DEPENDENCY,
            "admission_unavailable",
            "Whether this request is within its limits cannot be known right now: try again shortly."),
    RELAY_UNAVAILABLE(503, DEPENDENCY, "relay_unavailable", "No relay can be reached right now: try again shortly."),
    UPSTREAM_TIMEOUT(504, DEPENDENCY, "upstream_timeout", "The model's server did not answer in time."),
    INTERNAL(500, US, "internal_error", "Something failed on our side; it has been recorded.");

    private final int status;
    private final Category category;
    private final String code;
    private final String sentence;
    private final Optional<String> parameter;

    Failure(int status, Category category, String code, String sentence) {
        this(status, category, code, sentence, Optional.empty());
    }

    Failure(int status, Category category, String code, String sentence, String parameter) {
        this(status, category, code, sentence, Optional.of(parameter));
    }

    Failure(int status, Category category, String code, String sentence, Optional<String> parameter) {
        this.status = status;
        this.category = category;
        this.code = code;
        this.sentence = sentence;
        this.parameter = parameter;
    }

    /// The HTTP status, when the answer has not begun.
    public int status() {
        return status;
    }

    public Category category() {
        return category;
    }

    /// A stable name for programs.
    public String code() {
        return code;
    }

    /// For audit events: the code as other services write theirs.
    public String reason() {
        return code.replace('_', '-').toLowerCase(Locale.ROOT);
    }

    String sentence() {
        return sentence;
    }

    /// The member of the request that is at fault.
    Optional<String> parameter() {
        return parameter;
    }

    /// Whether the same request may succeed shortly.
    boolean passes() {
        return switch (this) {
            case MODEL_BUSY,
                    OVERLOADED,
                    REDACTION_UNAVAILABLE,
                    ADMISSION_UNAVAILABLE,
                    RELAY_UNAVAILABLE,
                    REVOCATION_UNAVAILABLE,
                    ANSWER_WITHHELD,
                    REPLAY_UNAVAILABLE,
                    POLICY_UNAVAILABLE -> true;
            default -> false;
        };
    }
}
