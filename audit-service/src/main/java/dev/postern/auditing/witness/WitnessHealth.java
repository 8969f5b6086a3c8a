package dev.postern.auditing.witness;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Tells of each witness whether its newest cosignature is older than the bound. Always up: without witnesses the log
/// goes on.
final class WitnessHealth implements HealthIndicator {

    private final Witnessing witnessing;

    WitnessHealth(Witnessing witnessing) {
        this.witnessing = witnessing;
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        for (String witness : witnessing.witnesses()) {
            health.withDetail(
                    witness,
                    (witnessing.isStale(witness) ? "stale, " : "fresh, ")
                            + witnessing.age(witness).toSeconds() + " s");
        }
        return health.build();
    }
}
