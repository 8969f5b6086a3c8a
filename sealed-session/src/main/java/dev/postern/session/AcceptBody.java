package dev.postern.session;

import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON in ACCEPT: the granted terms, the relay's time and the next challenge. Times are milliseconds since
/// 1970, lengths seconds.
record AcceptBody(Instant serverTime, SessionTerms terms, String nextChallenge) {
    byte[] toJson() {
        ObjectNode json = Json.object();
        json.put("server_time", serverTime.toEpochMilli());
        json.put("session_exp", terms.expires().toEpochMilli());
        json.putObject("epoch")
                .put("seconds", terms.epoch().maxAge().toSeconds())
                .put("frames", terms.epoch().maxFrames());
        json.put("window", terms.windowBits());
        json.put("streams", terms.maxStreams());
        json.put("idle", terms.idle().toSeconds());
        json.put("next_challenge", nextChallenge);
        json.put("idempotency_ttl", terms.idempotency().toSeconds());
        return Json.write(json);
    }

    static AcceptBody parse(byte[] content) throws MalformedContent {
        JsonNode json = Json.read(content);
        JsonNode epoch = json.path("epoch");
        try {
            SessionTerms terms = new SessionTerms(
                    Instant.ofEpochMilli(Json.number(json, "session_exp")),
                    new EpochLimits(Duration.ofSeconds(Json.number(epoch, "seconds")), Json.number(epoch, "frames")),
                    Math.toIntExact(Json.number(json, "window")),
                    Math.toIntExact(Json.number(json, "streams")),
                    Duration.ofSeconds(Json.number(json, "idle")),
                    Duration.ofSeconds(Json.number(json, "idempotency_ttl")));
            String challenge = Json.text(json, "next_challenge");
            if (Base64Url.decode(challenge, Challenges.LENGTH).isEmpty()) {
                throw new MalformedContent("no next_challenge");
            }
            return new AcceptBody(Instant.ofEpochMilli(Json.number(json, "server_time")), terms, challenge);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedContent(e);
        }
    }
}
