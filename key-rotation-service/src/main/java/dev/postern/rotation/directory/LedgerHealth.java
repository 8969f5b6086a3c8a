package dev.postern.rotation.directory;

import dev.postern.rotation.ledger.KeyLedger;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Ready means: this replica decides, so the load balancer sends everybody here and not to those that stand by.
record LedgerHealth(KeyLedger ledger) implements HealthIndicator {
    @Override
    public Health health() {
        return ledger.leads() ? Health.up().build() : Health.outOfService().build();
    }
}
