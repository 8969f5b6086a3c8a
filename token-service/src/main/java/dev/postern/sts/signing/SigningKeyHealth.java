package dev.postern.sts.signing;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Ready means: there is a key to sign with.
final class SigningKeyHealth implements HealthIndicator {

    private final SigningKeys keys;

    SigningKeyHealth(SigningKeys keys) {
        this.keys = keys;
    }

    @Override
    public Health health() {
        return keys.active().isPresent()
                ? Health.up().build()
                : Health.outOfService().build();
    }
}
