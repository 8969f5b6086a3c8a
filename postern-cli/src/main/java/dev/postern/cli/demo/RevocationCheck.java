package dev.postern.cli.demo;

import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.edge.LiveStream;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/// Revokes the session of a token while an answer streams on it, and takes the time until the last byte.
final class RevocationCheck implements DemoCheck {
    private static final Duration PROMISED = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /// Some forty seconds of answer.
    private static final String LONG = "the stream goes on and on ".repeat(60);

    @Override
    public String id() {
        return "revoke-under-1s";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        String token = world.gatewayToken();
        String session = Claims.text(token, "sid");
        CheckFailed.unless(!session.isEmpty(), "the token names no session");
        world.admin().prepare("POST", "/revocations");
        try (LiveStream stream = LiveStream.open(
                world.anyone().client(),
                ChatRequests.bearing(token, world.chat().streamed(ChatRequests.SLOW, LONG)))) {
            CheckFailed.unless(stream.awaitAlive(PATIENCE), "the stream did not begin");
            long asked = System.nanoTime();
            var _ = world.admin()
                    .post(
                            "/revocations",
                            new JsonMapper()
                                    .createObjectNode()
                                    .put("kind", "session")
                                    .put("value", session)
                                    .put("reason", "demonstration"));
            CheckFailed.unless(stream.awaitEnd(PATIENCE), "the stream went on after the revocation");
            CheckFailed.unless(!stream.complete(), "the stream looks like a whole answer");
            Duration took = Duration.ofNanos(Math.max(0, stream.endNanos() - asked));
            CheckFailed.unless(
                    took.compareTo(PROMISED) < 0, "the stream ended " + took.toMillis() + " ms after the revocation");
            int status = world.anyone()
                    .send(ChatRequests.bearing(token, world.chat().models()))
                    .statusCode();
            CheckFailed.unless(status == 401, "the revoked token still gets " + status);
            return "a live stream ended " + took.toMillis() + " ms after its session was revoked; the token is refused";
        }
    }
}
