package dev.postern.redacting.policy;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Looks for changes by other replicas, on a thread of its own: a store that is away holds up nothing else.
final class PolicyReload implements AutoCloseable {
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("redaction-policies").factory());

    PolicyReload(PoliciesInForce policies, Duration every) {
        var _ = scheduler.scheduleWithFixedDelay(
                policies::reload, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
