package dev.postern.cli.connect;

import dev.postern.client.PosternFailure;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/// A failure in OpenAI's shape, which its clients understand: `{"error": {"message", "type", "param", "code"}}`.
///
/// @param status the HTTP status
record OpenAiError(int status, String type, String code, String message) {
    static final OpenAiError NOT_LOCAL = new OpenAiError(
            403, "permission_error", "not-local", "Requests of web pages and to foreign hosts are refused.");
    static final OpenAiError NOT_FOUND =
            new OpenAiError(404, "invalid_request_error", "not-found", "There is nothing here.");
    static final OpenAiError NOT_ALLOWED =
            new OpenAiError(405, "invalid_request_error", "method-not-allowed", "The method is not allowed here.");
    static final OpenAiError TOO_LARGE =
            new OpenAiError(413, "invalid_request_error", "too-large", "The request is larger than allowed.");
    static final OpenAiError MALFORMED =
            new OpenAiError(400, "invalid_request_error", "malformed", "The body is not one JSON object.");
    static final OpenAiError BAD_LABEL = new OpenAiError(
            400,
            "invalid_request_error",
            "bad-label",
            "Postern-Sensitivity is public, internal, confidential or restricted, once.");
    static final OpenAiError STOPPING = new OpenAiError(503, "server_error", "stopping", "The sidecar is stopping.");
    static final OpenAiError INTERNAL = new OpenAiError(500, "server_error", "internal", "The sidecar failed.");

    static OpenAiError of(PosternFailure failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure) {
            case PosternFailure.Refused refused ->
                new OpenAiError(refused.status(), type(refused.status()), refused.code(), message);
            case PosternFailure.EffectUnknown _ -> new OpenAiError(409, type(409), "effect-unknown", message);
            case PosternFailure.Forbidden _ -> new OpenAiError(403, type(403), "forbidden", message);
            case PosternFailure.Reauthenticate _ -> new OpenAiError(401, type(401), "open-rejected", message);
            case PosternFailure.SessionLost _ -> new OpenAiError(502, type(502), "session-lost", message);
            case PosternFailure.Truncated _ -> new OpenAiError(502, type(502), "truncated", message);
            case PosternFailure.Unavailable _ -> new OpenAiError(503, type(503), "unavailable", message);
            case PosternFailure.TimedOut _ -> new OpenAiError(504, type(504), "timeout", message);
            case PosternFailure.ReadTooSlowly _ -> new OpenAiError(502, type(502), "read-too-slowly", message);
            case PosternFailure.KeyConfigRejected _ -> new OpenAiError(502, type(502), "key-config", message);
            case PosternFailure.HandshakeRejected _ -> new OpenAiError(502, type(502), "handshake", message);
        };
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> status < 500 ? "invalid_request_error" : "server_error";
        };
    }

    byte[] toJson() {
        JsonMapper json = new JsonMapper();
        var document = json.createObjectNode();
        document.putObject("error")
                .put("message", message)
                .put("type", type)
                .putNull("param")
                .put("code", code);
        return json.writeValueAsString(document).getBytes(StandardCharsets.UTF_8);
    }
}
