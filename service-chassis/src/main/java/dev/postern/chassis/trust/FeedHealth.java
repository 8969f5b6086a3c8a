package dev.postern.chassis.trust;

import dev.postern.trust.TrustFeed;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Out of service while tokens cannot be told from revoked ones: everything would be refused.
record FeedHealth(List<TrustFeed> feeds) implements HealthIndicator {
    @Override
    public Health health() {
        return feeds.stream().allMatch(TrustFeed::current)
                ? Health.up().build()
                : Health.outOfService().build();
    }
}
