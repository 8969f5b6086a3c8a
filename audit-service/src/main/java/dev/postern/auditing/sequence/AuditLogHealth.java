package dev.postern.auditing.sequence;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Down once the log cannot be written any more: only a restart helps.
final class AuditLogHealth implements HealthIndicator {

    private final Sequencer sequencer;

    AuditLogHealth(Sequencer sequencer) {
        this.sequencer = sequencer;
    }

    @Override
    public Health health() {
        return sequencer.writable() ? Health.up().build() : Health.down().build();
    }
}
