package dev.postern.rotation.directory;

import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.ledger.KeyObserver;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// `postern.keys.*`. Tags are states and causes: closed sets.
final class KeyMetrics implements KeyObserver {
    private final MeterRegistry registry;
    private final Counter delayed;
    private final Counter leftBehind;

    KeyMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.delayed = Counter.builder("postern.keys.transitions.delayed")
                .description("Transitions that waited because audit or disk was not available")
                .register(registry);
        this.leftBehind = Counter.builder("postern.keys.consumers.left.behind")
                .description("Consumers that an activation did not wait for any longer")
                .register(registry);
    }

    @Override
    public void moved(String to, String cause) {
        Counter.builder("postern.keys.transitions")
                .description("Transitions of keys")
                .tag("to", to)
                .tag("cause", cause)
                .register(registry)
                .increment();
    }

    @Override
    public void delayed() {
        delayed.increment();
    }

    @Override
    public void leftBehind(int consumers) {
        leftBehind.increment(consumers);
    }

    /// Gauges over the ledger, once it exists.
    void watch(KeyLedger ledger, Clock clock) {
        for (String state : List.of("PREPARED", "ACTIVE", "RETIRING")) {
            Gauge.builder("postern.keys.listed", ledger, it -> count(it.ring(), state))
                    .description("Keys in the directory")
                    .tag("state", state)
                    .register(registry);
        }
        Gauge.builder("postern.keys.directory.version", ledger, it -> it.ring().version())
                .description("Version of the published directory")
                .register(registry);
        Gauge.builder("postern.keys.followers", ledger, it -> it.attendance().size())
                .description("Processes that follow the directory")
                .register(registry);
        Gauge.builder("postern.keys.active.age", ledger, it -> oldestActive(it.ring(), clock.instant()))
                .description("Age of the oldest signing key")
                .baseUnit("seconds")
                .register(registry);
    }

    private static double count(KeyRing ring, String state) {
        return ring.published().stream()
                .filter(key -> key.state().label().equals(state))
                .count();
    }

    private static double oldestActive(KeyRing ring, Instant now) {
        return ring.published().stream()
                .filter(key -> key.state() instanceof KeyState.Active)
                .mapToDouble(key -> Duration.between(key.state().since(), now).toMillis() / 1000.0)
                .max()
                .orElse(0);
    }
}
