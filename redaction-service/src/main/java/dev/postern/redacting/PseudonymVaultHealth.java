package dev.postern.redacting;

import dev.postern.kms.envelope.KeyRing;
import dev.postern.redis.RedisLink;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Says whether the vault of pseudonyms can be used: down, no prompt is redacted, and so none is sent on. Not part of
/// readiness: every replica has the same Redis, and answers under way and refusals are better than nobody there.
final class PseudonymVaultHealth implements HealthIndicator {
    private static final long PATIENCE_MILLIS = 500;

    private final RedisLink redis;
    private final KeyRing keys;

    PseudonymVaultHealth(RedisLink redis, KeyRing keys) {
        this.redis = redis;
        this.keys = keys;
    }

    @Override
    public Health health() {
        boolean answers = answers();
        boolean stale = keys.isStale();
        return (answers && !stale ? Health.up() : Health.down())
                .withDetail("redis", answers ? "answers" : "away")
                .withDetail("keys", stale ? "stale" : "fresh")
                .build();
    }

    private boolean answers() {
        try {
            return redis.isReachable()
                    .toCompletableFuture()
                    .completeOnTimeout(false, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException _) {
            return false;
        }
    }
}
