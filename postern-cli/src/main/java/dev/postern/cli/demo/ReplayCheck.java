package dev.postern.cli.demo;

import dev.postern.cli.sealed.RelayConnection;
import java.time.Duration;
import java.time.Instant;

/// Sends one sealed frame twice. The relay must take it once, count and audit the second, and go on with the session.
final class ReplayCheck implements DemoCheck {
    private static final String METRIC = "postern_replays_rejected_total";

    @Override
    public String id() {
        return "replay-rejected";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        String marker = world.canaries().marker() + " replay";
        Instant began = world.now();
        double before = FrameRejections.counted(world, METRIC, "");
        try (RelayConnection relay = SealedLink.open(world)) {
            RelayConnection.Sealed request = relay.seal("/v1/chat/completions", SealedLink.chat(marker));
            request.frames().forEach(relay::send);
            CheckFailed.unless(
                    relay.answer(request, Duration.ofSeconds(20)).isPresent(), "no answer to the first frame");
            request.frames().forEach(relay::send);
            RelayConnection.Sealed next = relay.seal("/v1/chat/completions", SealedLink.chat("and the session lives"));
            next.frames().forEach(relay::send);
            CheckFailed.unless(
                    relay.answer(next, Duration.ofSeconds(20)).isPresent(), "the session did not survive the replay");
        }
        int seen = world.seenByModel(marker).size();
        CheckFailed.unless(seen == 1, "the model saw the replayed request " + seen + " times");
        CheckFailed.unless(FrameRejections.counted(world, METRIC, "") > before, "the relay did not count the replay");
        FrameRejections.requireAudited(world, began, "duplicate");
        return "sent twice, served once; counted, audited, and the session lives on";
    }
}
