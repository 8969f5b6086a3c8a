package dev.postern.gateway.api;

import dev.postern.gateway.access.Caller;
import dev.postern.policy.LatencyClass;
import dev.postern.policy.Sensitivity;
import dev.postern.token.AccessToken;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A request as the relay reads it, with the claims of the caller it is made for. Prints nothing of the body.
///
/// @param messageId names the request in both services, 16 octets in base64url
/// @param sensitivity as the client says, if it does: tenants' policies have defaults of their own
/// @param deadline how long the relay may take
public record RelayRequest(
        Operation operation,
        String messageId,
        Duration deadline,
        Caller caller,
        Optional<Conversation> conversation,
        LatencyClass latencyClass,
        Optional<Sensitivity> sensitivity,
        RequestBody body) {
    private static final JsonFactory JSON = JsonFactory.builder().build();
    private static final int USUAL_HEAD = 768;
    private static final byte[] BODY = {',', '"', 'b', 'o', 'd', 'y', '"', ':'};

    /// The JSON document, UTF-8. The body goes in as it came: it was read as strictly as any reader behind could.
    public byte[] toJson() {
        byte[] json = body.json();
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_HEAD + json.length);
        try (JsonGenerator head = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            head.writeStartObject();
            head.writeStringProperty("op", operation.relayName());
            head.writeStringProperty("msg_id", messageId);
            head.writeNumberProperty("deadline_ms", deadline.toMillis());
            writeCaller(head);
            conversation.ifPresent(named -> head.writeStringProperty("conversation", named.name()));
            if (latencyClass != LatencyClass.INTERACTIVE) {
                head.writeStringProperty("latency_class", latencyClass.wireName());
            }
            sensitivity.ifPresent(label -> head.writeStringProperty("sensitivity", label.wireName()));
            head.flush();
            out.writeBytes(BODY);
            out.writeBytes(json);
            head.writeEndObject();
        }
        return out.toByteArray();
    }

    private void writeCaller(JsonGenerator head) {
        AccessToken token = caller.token();
        head.writeObjectPropertyStart("caller");
        head.writeStringProperty("client_id", token.clientId());
        head.writeStringProperty("tenant", token.tenant());
        head.writeStringProperty("subject", token.subject());
        head.writeStringProperty("token_id", token.tokenId());
        head.writeStringProperty("key_id", token.keyId());
        head.writeStringProperty("session_id", token.sessionId());
        if (!token.actors().isEmpty()) {
            head.writeArrayPropertyStart("actors");
            token.actors().forEach(head::writeString);
            head.writeEndArray();
        }
        head.writeArrayPropertyStart("scopes");
        token.scopes().forEach(head::writeString);
        head.writeEndArray();
        head.writeNumberProperty("issued_at", token.issuedAt().getEpochSecond());
        head.writeNumberProperty("expires_at", token.expiresAt().getEpochSecond());
        head.writeEndObject();
    }

    @Override
    public String toString() {
        return "RelayRequest[" + operation + ", " + messageId + "]";
    }
}
