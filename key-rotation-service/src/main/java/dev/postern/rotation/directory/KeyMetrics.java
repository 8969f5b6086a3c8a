package dev.postern.rotation.directory;

import dev.postern.rotation.ledger.Incident;
import dev.postern.rotation.ledger.Incident.Phase;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.ledger.KeyObserver;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// `postern.keys.*`. Tags are classes, states, causes, phases: closed sets.
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
    public void moved(String keyClass, String to, String cause) {
        Counter.builder("postern.keys.transitions")
                .description("Transitions of keys")
                .tag("class", keyClass)
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

    @Override
    public void reported(Incident incident) {
        for (Phase phase : incident.phases().keySet()) {
            if (phase != Phase.CALLED) {
                Timer.builder("postern.keys.drill")
                        .description("From the call of a compromise, or a drill of one, to each phase")
                        .tag("class", incident.keyClass())
                        .tag("phase", phase.code())
                        .register(registry)
                        .record(incident.after(phase));
            }
        }
        Counter.builder("postern.keys.compromises")
                .description("Compromises and drills that were reported")
                .tag("class", incident.keyClass())
                .tag("mode", incident.mode())
                .tag("outcome", incident.complete() ? "complete" : "incomplete")
                .register(registry)
                .increment();
    }

    /// Gauges over the ledger, once it exists.
    void watch(KeyLedger ledger, Clock clock) {
        for (String state : List.of("PREPARED", "ACTIVE", "RETIRING", "COMPROMISED")) {
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
        Gauge.builder("postern.keys.leads", ledger, it -> it.leads() ? 1 : 0)
                .description("1 where this replica decides about keys")
                .register(registry);
        Gauge.builder("postern.keys.paused", ledger, it -> it.pausedSince().isPresent() ? 1 : 0)
                .description("1 while scheduled rotation is paused")
                .register(registry);
        for (KeyClass keyClass : KeyClass.values()) {
            Gauge.builder("postern.keys.active.age", ledger, it -> oldestActive(it.ring(), keyClass, clock.instant()))
                    .description("Age of the oldest active key")
                    .tag("class", keyClass.wireName())
                    .baseUnit("seconds")
                    .register(registry);
        }
    }

    private static double count(KeyRing ring, String state) {
        return ring.listed().stream()
                .filter(key -> key.state().label().equals(state))
                .count();
    }

    private static double oldestActive(KeyRing ring, KeyClass keyClass, Instant now) {
        return ring.usable().stream()
                .filter(key -> key.keyClass() == keyClass && key.state() instanceof KeyState.Active)
                .mapToDouble(key -> Duration.between(key.state().since(), now).toMillis() / 1000.0)
                .max()
                .orElse(0);
    }
}
