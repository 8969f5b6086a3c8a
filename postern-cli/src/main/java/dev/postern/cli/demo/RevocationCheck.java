package dev.postern.cli.demo;

import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.edge.LiveStream;
import dev.postern.cli.platform.PlatformService;
import dev.postern.client.AnswerStream;
import dev.postern.client.PosternClient;
import dev.postern.client.PosternFailure;
import dev.postern.client.Request;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/// Revokes the session of a token while an answer streams on it, in the open and in a sealed session, and takes the
/// time until the last byte.
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
        world.admin().prepare("POST", "/revocations");
        long stream = requirePromised("stream", revokeStream(world));
        long sealed = requirePromised("sealed stream", revokeSealed(world));
        return "a live stream ended " + stream + " ms after its session was revoked, one in a sealed session after "
                + sealed + " ms; the token is refused";
    }

    private static Duration revokeStream(DemoWorld world) throws CheckFailed, InterruptedException {
        String token = world.gatewayToken();
        try (LiveStream stream = LiveStream.open(
                world.anyone().client(),
                ChatRequests.bearing(token, world.chat().streamed(ChatRequests.SLOW, LONG)))) {
            CheckFailed.unless(stream.awaitAlive(PATIENCE), "the stream did not begin");
            long asked = System.nanoTime();
            revoke(world, token);
            CheckFailed.unless(stream.awaitEnd(PATIENCE), "the stream went on after the revocation");
            CheckFailed.unless(!stream.complete(), "the stream looks like a whole answer");
            int status = world.anyone()
                    .send(ChatRequests.bearing(token, world.chat().models()))
                    .statusCode();
            CheckFailed.unless(status == 401, "the revoked token still gets " + status);
            return Duration.ofNanos(Math.max(0, stream.endNanos() - asked));
        }
    }

    /// The token for the gateway is taken back, and the session that it carries goes with it.
    private static Duration revokeSealed(DemoWorld world) throws CheckFailed, InterruptedException {
        WorldTokens tokens = new WorldTokens(world);
        Request request = Request.of(
                Request.CHAT,
                SealedLink.chat(LONG).put("model", ChatRequests.SLOW).put("stream", true));
        try (PosternClient client = world.sealedClient(world.ports().endpoint(PlatformService.GATEWAY), tokens);
                AnswerStream answer = client.stream(request)) {
            CheckFailed.unless(answer.next().isPresent(), "the sealed stream did not begin");
            long asked = System.nanoTime();
            revoke(world, tokens.lastForGateway());
            try {
                while (answer.next().isPresent()) {
                    CheckFailed.unless(
                            System.nanoTime() - asked < PATIENCE.toNanos(),
                            "the sealed stream went on after the revocation");
                }
            } catch (PosternFailure.Forbidden _) {
                return Duration.ofNanos(System.nanoTime() - asked);
            }
            throw new CheckFailed("the sealed stream looks like a whole answer");
        } catch (PosternFailure e) {
            throw new CheckFailed("the SDK failed: " + e.getMessage());
        }
    }

    private static void revoke(DemoWorld world, String token) throws CheckFailed, InterruptedException {
        String session = Claims.text(token, "sid");
        CheckFailed.unless(!session.isEmpty(), "the token names no session");
        var _ = world.admin()
                .post(
                        "/revocations",
                        new JsonMapper()
                                .createObjectNode()
                                .put("kind", "session")
                                .put("value", session)
                                .put("reason", "demonstration"));
    }

    private static long requirePromised(String what, Duration took) throws CheckFailed {
        CheckFailed.unless(
                took.compareTo(PROMISED) < 0, "the " + what + " ended " + took.toMillis() + " ms after the revocation");
        return took.toMillis();
    }
}
