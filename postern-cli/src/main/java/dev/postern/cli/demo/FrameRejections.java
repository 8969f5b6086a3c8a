package dev.postern.cli.demo;

import dev.postern.cli.platform.PlatformService;
import java.time.Duration;
import java.time.Instant;

/// What the relay has counted and audited about rejected frames.
final class FrameRejections {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private FrameRejections() {}

    static double counted(DemoWorld world, String metric, String label) throws InterruptedException {
        return world.metrics(PlatformService.RELAY).sum(metric, label);
    }

    /// Waits for the audit log to hold a rejection with one of these reasons that is newer than `since`.
    static void requireAudited(DemoWorld world, Instant since, String reason) throws CheckFailed, InterruptedException {
        AuditReader audit = new AuditReader(world);
        boolean found = world.await(
                PATIENCE,
                () -> audit.latest("dev.postern.frame.rejected").stream()
                        .filter(event -> !event.time().isBefore(since.minusSeconds(1)))
                        .anyMatch(event ->
                                event.data().path("reason").asString("").equals(reason)));
        CheckFailed.unless(found, "the audit log has no rejection with reason " + reason);
    }
}
