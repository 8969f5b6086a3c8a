package dev.postern.sts.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Something that runs now under a token: a request, a stream, a sealed session.
///
/// @param sessionId `sid` of the token; one may stand for several of these
/// @param keyId the `kid` that signed the token
/// @param kind `request`, `http-stream` or `sealed`
/// @param started as the replica wrote it
public record LiveSession(
        String sessionId,
        String client,
        String tenant,
        String subject,
        String tokenId,
        String keyId,
        String kind,
        String operation,
        String started,
        String replica) {

    private static final int MAX_TEXT = 256;

    /// As a replica wrote it; nothing when it is not one. Unknown members are left aside: replicas may be newer.
    static Optional<LiveSession> of(JsonNode entry) {
        LiveSession session = new LiveSession(
                text(entry, "sid"),
                text(entry, "client"),
                text(entry, "tenant"),
                text(entry, "subject"),
                text(entry, "token_id"),
                text(entry, "key_id"),
                text(entry, "kind"),
                text(entry, "operation"),
                text(entry, "started"),
                text(entry, "replica"));
        return session.sessionId().isEmpty() || session.client().isEmpty() ? Optional.empty() : Optional.of(session);
    }

    private static String text(JsonNode entry, String name) {
        JsonNode value = entry.path(name);
        String text = value.isNumber() ? value.asString() : value.stringValue("");
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    /// In an order that does not change while it lives.
    public String key() {
        return String.join("\n", sessionId, replica, kind, tokenId, operation, started);
    }

    public Map<String, Object> view() {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("sid", sessionId);
        view.put("client", client);
        view.put("tenant", tenant);
        view.put("subject", subject);
        view.put("token_id", tokenId);
        view.put("key_id", keyId);
        view.put("kind", kind);
        view.put("operation", operation);
        view.put("started", started);
        view.put("replica", replica);
        return view;
    }
}
