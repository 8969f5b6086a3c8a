package dev.postern.cli.demo;

import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.edge.LiveStream;
import dev.postern.cli.keys.DrillReport;
import dev.postern.cli.keys.KeyLedger;
import dev.postern.cli.platform.PlatformService;
import java.time.Duration;
import java.util.Optional;

/// Calls the token-signing key compromised while an answer streams under a token of it: the stream ends, the token is
/// refused, new tokens work, and everybody has acknowledged in time.
final class CompromiseDrillCheck implements DemoCheck {
    private static final Duration MUST = Duration.ofSeconds(60);
    private static final String LONG = "the stream goes on and on ".repeat(60);

    @Override
    public String id() {
        return "compromise-drill";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        String token = world.gatewayToken();
        KeyLedger ledger = new KeyLedger(world.operator(), world.ports().endpoint(PlatformService.ROTATION));
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
}
