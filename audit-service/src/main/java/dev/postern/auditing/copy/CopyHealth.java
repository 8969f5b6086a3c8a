package dev.postern.auditing.copy;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Tells how far the copy lies behind. Always up: without it the log goes on.
final class CopyHealth implements HealthIndicator {
    private final LogCopier copier;

    CopyHealth(LogCopier copier) {
        this.copier = copier;
    }

    @Override
    public Health health() {
        return Health.up()
                .withDetail(
                        "copy",
                        (copier.isStale() ? "stale, " : "fresh, ")
                                + copier.age().toSeconds() + " s")
                .withDetail("behind", copier.behind())
                .withDetail("contradictions", copier.contradictions())
                .build();
    }
}
