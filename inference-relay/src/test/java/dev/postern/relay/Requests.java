package dev.postern.relay;

import dev.postern.relay.rig.FakeRedaction;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;

/// Requests as the gateway sends them.
final class Requests {
    private static final int ID_LENGTH = 22;
    private static final String ID = "\"msg_id\":\"";

    private Requests() {}

    static String chat(Clock clock, String model, String text, boolean streamed) {
        return request(
                clock,
                "/v1/chat/completions",
                "{\"model\":\"" + model + "\",\"stream\":" + streamed
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}",
                Duration.ofMinutes(5));
    }

    static String chat(Clock clock, String model) {
        return chat(clock, model, "write to " + FakeRedaction.SECRET + " today", false);
    }

    static String stream(Clock clock, String model) {
        return chat(clock, model, "write to " + FakeRedaction.SECRET + " today", true);
    }

    /// 16 random octets.
    static String id() {
        UUID id = UUID.randomUUID();
        byte[] octets = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /// The same request under another id.
    static String under(String messageId, String request) {
        int at = request.indexOf(ID) + ID.length();
        return request.substring(0, at) + messageId + request.substring(at + ID_LENGTH);
    }

    static String request(Clock clock, String operation, String body, Duration life) {
        return "{\"op\":\"" + operation + "\",\"msg_id\":\"" + id() + "\",\"deadline_ms\":20000," + "\"caller\":"
                + caller(clock, "llm:invoke", life) + ",\"body\":" + body + "}";
    }

    static String caller(Clock clock, String scope, Duration life) {
        return "{\"session_id\":\"s1\",\"issued_at\":" + clock.instant().getEpochSecond()
                + ",\"client_id\":\"demo\",\"tenant\":\"acme\",\"subject\":\"demo\",\"token_id\":\"j1\",\"key_id\":\"k9\",\"scopes\":[\""
                + scope + "\"],\"expires_at\":"
                + clock.instant().plus(life).getEpochSecond() + "}";
    }
}
