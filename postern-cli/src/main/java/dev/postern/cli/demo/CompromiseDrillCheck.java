package dev.postern.cli.demo;

import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.edge.LiveStream;
import dev.postern.cli.keys.DrillReport;
import dev.postern.cli.keys.KeyLedger;
import dev.postern.cli.platform.Deadline;
import dev.postern.cli.platform.PlatformService;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Calls the token-signing key compromised while an answer streams under a token of it: the stream ends, the token is
/// refused, new tokens work, and everybody has acknowledged in time.
final class CompromiseDrillCheck implements DemoCheck {
    private static final Duration MUST = Duration.ofSeconds(60);
    /// Followers poll twice a second.
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    /// For so long after its last poll a follower counts as alive (`consumer-window`), and a little more.
    private static final Duration WINDOW = Duration.ofSeconds(6);

    private static final String LONG = "the stream goes on and on ".repeat(60);

    @Override
    public String id() {
        return "compromise-drill";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        String token = world.gatewayToken();
        KeyLedger ledger = new KeyLedger(world.operator(), world.ports().endpoint(PlatformService.ROTATION));
        CheckFailed.unless(
                Deadline.await(
                        MUST,
                        world.clock(),
                        () -> isSettled(ledger, world.clock().instant())),
                "followers of the directory come and go");
        try (LiveStream stream = LiveStream.open(
                world.anyone().client(),
                ChatRequests.bearing(token, world.chat().streamed(ChatRequests.SLOW, LONG)))) {
            CheckFailed.unless(stream.awaitAlive(MUST), "the stream did not begin");
            long called = System.nanoTime();
            DrillReport report = ledger.drill("token-signing", Optional.empty(), MUST);
            CheckFailed.unless(stream.awaitEnd(MUST) && !stream.complete(), "the stream went on after the compromise");
            Duration ended = Duration.ofNanos(Math.max(0, stream.endNanos() - called));
            CheckFailed.unless(report.complete(), "the report is not complete: " + report.incident());
            int status = world.anyone()
                    .send(ChatRequests.bearing(token, world.chat().models()))
                    .statusCode();
            CheckFailed.unless(status == 401, "a token of the compromised key still gets " + status);
            var _ = world.openAi(world.gatewayToken()).models().list();
            Duration last = report.lastAcknowledgement().orElse(MUST);
            CheckFailed.unless(last.compareTo(MUST) < 0, "the last acknowledgement took " + last.toMillis() + " ms");
            return "all acknowledged after " + last.toMillis() + " ms; the live stream ended after " + ended.toMillis()
                    + " ms, its token is refused, a new one is not";
        }
    }

    /// Nobody ended so lately (a gateway and a relay did, in the checks before) that a report would wait for them.
    private static boolean isSettled(KeyLedger ledger, Instant now) throws InterruptedException {
        return ledger.list()
                .path("followers")
                .valueStream()
                .map(follower ->
                        Duration.between(Instant.parse(follower.path("seen_at").asString("")), now))
                .noneMatch(silence -> silence.compareTo(HEARTBEAT) > 0 && silence.compareTo(WINDOW) < 0);
    }
}
