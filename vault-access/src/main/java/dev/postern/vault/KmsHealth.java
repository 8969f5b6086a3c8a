package dev.postern.vault;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/// Says whether the key management answers. `DEGRADED` counts neither for nor against the service as a whole: it goes
/// on with the keys that it holds.
final class KmsHealth implements HealthIndicator {
    static final Status DEGRADED = new Status("DEGRADED", "going on with the keys held");

    private final VaultConnection connection;

    KmsHealth(VaultConnection connection) {
        this.connection = connection;
    }

    @Override
    public Health health() {
        VaultCondition.Finding finding = connection.condition().finding();
        Health.Builder health = finding.trouble()
                .map(reason -> Health.status(DEGRADED).withDetail("reason", VaultMetrics.tag(reason)))
                .orElseGet(Health::up);
        return health.withDetail("since", finding.since().toString()).build();
    }
}
