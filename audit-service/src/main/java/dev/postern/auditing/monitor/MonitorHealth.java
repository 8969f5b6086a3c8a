package dev.postern.auditing.monitor;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Tells whether the monitor has found something wrong. Always up: see [LogMonitor].
final class MonitorHealth implements HealthIndicator {

    private final LogMonitor monitor;

    MonitorHealth(LogMonitor monitor) {
        this.monitor = monitor;
    }

    @Override
    public Health health() {
        return Health.up()
                .withDetail("published", monitor.faults() == 0 ? "sound" : "not sound")
                .withDetail("verified", monitor.entries())
                .withDetail("behind", monitor.behind())
                .build();
    }
}
