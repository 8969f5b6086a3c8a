package dev.postern.relay;

import dev.postern.relay.rig.FakeRedaction;
import java.time.Clock;
import java.time.Duration;

/// Requests as the gateway sends them.
final class Requests {
    private static final String MESSAGE_ID = "AAAAAAAAAAAAAAAAAAAAAA";

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

    static String request(Clock clock, String operation, String body, Duration life) {
        return "{\"op\":\"" + operation + "\",\"msg_id\":\"" + MESSAGE_ID + "\",\"deadline_ms\":20000," + "\"caller\":"
                + caller(clock, "llm:invoke", life) + ",\"body\":" + body + "}";
    }

    static String caller(Clock clock, String scope, Duration life) {
        return "{\"session_id\":\"s1\",\"issued_at\":" + clock.instant().getEpochSecond()
                + ",\"client_id\":\"demo\",\"tenant\":\"acme\",\"subject\":\"demo\",\"token_id\":\"j1\",\"key_id\":\"k9\",\"scopes\":[\""
                + scope + "\"],\"expires_at\":"
                + clock.instant().plus(life).getEpochSecond() + "}";
    }
}
