package dev.postern.cli.demo;

import dev.postern.cli.sealed.RelayConnection;
import java.time.Duration;
import java.time.Instant;

/// Sends a sealed frame with one bit flipped, then the frame as it was. The first must vanish, counted and audited; the
/// second must be served.
final class TamperCheck implements DemoCheck {
    private static final String METRIC = "postern_frames_rejected_total";
    /// Inside the ciphertext: the header has 44 octets.
    private static final int FLIPPED = 60;

    @Override
    public String id() {
        return "tamper-rejected";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        String marker = world.canaries().marker() + " tamper";
        Instant began = world.now();
        double before = FrameRejections.counted(world, METRIC, "bad-tag");
        try (RelayConnection relay = SealedLink.open(world)) {
            RelayConnection.Sealed request = relay.seal("/v1/chat/completions", SealedLink.chat(marker));
            byte[] altered = request.frames().getFirst().clone();
            altered[FLIPPED] ^= 1;
            relay.send(altered);
            request.frames().forEach(relay::send);
            CheckFailed.unless(
                    relay.answer(request, Duration.ofSeconds(20)).isPresent(),
                    "the unaltered frame was not served after the altered one");
        }
        int seen = world.seenByModel(marker).size();
        CheckFailed.unless(seen == 1, "the model saw the request " + seen + " times");
        CheckFailed.unless(
                FrameRejections.counted(world, METRIC, "bad-tag") > before,
                "the relay did not count the altered frame");
        FrameRejections.requireAudited(world, began, "bad-tag");
        return "one flipped bit: dropped, counted, audited; the unaltered frame was served";
    }
}
