package dev.postern.chassis.problem;

import java.util.LinkedHashMap;
import java.util.Map;

/// A failure as it goes over the wire (RFC 9457). Titles are our own sentences: never an exception's, never a user's.
///
/// @param status the HTTP status
/// @param code a stable name, the last part of the `type`
/// @param title one sentence that says what to do
public record Problem(int status, String code, String title) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public static final Problem MALFORMED =
            new Problem(400, "malformed", "The request is not what this endpoint takes: see its documentation.");
    public static final Problem TOKEN_REQUIRED =
            new Problem(401, "token-required", "Send a valid access token as Authorization: Bearer, or DPoP.");
    public static final Problem CLIENT_CERTIFICATE_REQUIRED =
            new Problem(401, "client-certificate-required", "Connect with a client certificate of this platform.");
    public static final Problem PEER_NOT_ALLOWED =
            new Problem(403, "peer-not-allowed", "This identity may not call this endpoint.");
    public static final Problem SCOPE_MISSING =
            new Problem(403, "insufficient-scope", "The access token lacks the scope that this endpoint asks for.");
    public static final Problem NOT_FOUND = new Problem(404, "not-found", "There is nothing here.");
    public static final Problem METHOD_NOT_ALLOWED =
            new Problem(405, "method-not-allowed", "This endpoint does not take this method.");
    public static final Problem NOT_ACCEPTABLE =
            new Problem(406, "not-acceptable", "This endpoint cannot answer in a media type that you accept.");
    public static final Problem CONFLICT = new Problem(409, "conflict", "The state has changed: read it again.");
    public static final Problem TOO_LARGE = new Problem(413, "too-large", "The request is larger than the limit.");
    public static final Problem UNSUPPORTED_MEDIA_TYPE =
            new Problem(415, "unsupported-media-type", "This endpoint does not take this media type.");
    public static final Problem INTERNAL =
            new Problem(500, "internal", "Something failed on our side; it has been recorded.");
    public static final Problem UNAVAILABLE =
            new Problem(503, "unavailable", "This cannot be done right now: try again shortly.");
    public static final Problem REVOCATION_UNAVAILABLE = new Problem(
            503,
            "revocation-unavailable",
            "Nobody can say right now whether the token was revoked: try again shortly.");
    public static final Problem AUDIT_UNAVAILABLE = new Problem(
            503, "audit-unavailable", "This must be recorded before it is done, and cannot be right now: try later.");

    /// The members of the JSON document, in order.
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "urn:postern:problem:" + code);
        members.put("title", title);
        members.put("status", status);
        members.put("code", code);
        return members;
    }

    /// The standard problem for a status that a framework decided on.
    public static Problem ofStatus(int status) {
        return switch (status) {
            case 401 -> TOKEN_REQUIRED;
            case 403 -> PEER_NOT_ALLOWED;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413 -> TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 503 -> UNAVAILABLE;
            default ->
                status >= 400 && status < 500 ? new Problem(status, MALFORMED.code(), MALFORMED.title()) : INTERNAL;
        };
    }
}
