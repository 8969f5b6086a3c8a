package dev.postern.auditing.ingest;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.ProducerSilent;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.sequence.Producer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Notices producers that are not heard any more, although they did not say that they stop. All state is guarded by its
/// monitor.
///
/// Failure direction: open; a silent producer is told of, and nothing is refused for it.
final class ProducerWatch {
    private static final System.Logger LOG = System.getLogger(ProducerWatch.class.getName());
    /// Of one service: whoever has a certificate may name as many spools as it likes.
    private static final int MOST = 256;

    private final ProducersProperties properties;
    private final Consumer<AuditEvent> alerts;
    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<Producer, Instant> expected = new HashMap<>();
    private final Set<Producer> silent = new HashSet<>();
    private final Set<String> measured = new HashSet<>();

    ProducerWatch(ProducersProperties properties, Consumer<AuditEvent> alerts, MeterRegistry registry, Clock clock) {
        this.properties = properties;
        this.alerts = alerts;
        this.registry = registry;
        this.clock = clock;
    }

    /// Expects those whose last event in the log is not too old, from now on: while this service was away, it could
    /// hear nobody.
    synchronized void begin(Map<Producer, Producer.Heard> known) {
        Instant now = clock.instant();
        known.forEach((producer, last) -> {
            boolean lately = Duration.between(last.time(), now).compareTo(properties.forgetAfter()) < 0;
            if (lately && !last.stopped()) {
                heard(producer);
            }
        });
    }

    /// Events came, in this order.
    synchronized void heard(List<EventEnvelope> events) {
        for (EventEnvelope event : events) {
            Producer producer = Producer.of(event);
            if (Producer.isStop(event)) {
                forget(producer);
            } else {
                heard(producer);
            }
        }
    }

    /// Events came and may not be taken now: whoever sends them is not silent.
    synchronized void knocked(List<EventEnvelope> events) {
        events.stream().map(Producer::of).distinct().forEach(this::heard);
    }

    /// A heartbeat came.
    synchronized void heard(Producer producer) {
        if (silent.remove(producer)) {
            LOG.log(System.Logger.Level.INFO, "producer {0} is heard again", producer.source());
        }
        if (expected.put(producer, clock.instant()) == null) {
            forgetBeyondMost(producer.source());
        }
        if (measured.add(producer.source())) {
            Gauge.builder("postern.audit.producer.silent", this, watch -> watch.silent(producer.source()))
                    .description("Spools of a service that are not heard any more and did not stop")
                    .tag("source", producer.source())
                    .register(registry);
        }
    }

    private void forgetBeyondMost(String source) {
        List<Map.Entry<Producer, Instant>> spools = expected.entrySet().stream()
                .filter(one -> one.getKey().source().equals(source))
                .toList();
        if (spools.size() > MOST) {
            spools.stream()
                    .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                    .map(Map.Entry::getKey)
                    .ifPresent(oldest -> {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "producer {0} names more than {1} spools: one is not expected any more",
                                source,
                                MOST);
                        forget(oldest);
                    });
        }
    }

    private void forget(Producer producer) {
        expected.remove(producer);
        silent.remove(producer);
    }

    /// Tells of those that have become silent. It is called again and again.
    synchronized void look() {
        Instant now = clock.instant();
        for (Map.Entry<Producer, Instant> one : Map.copyOf(expected).entrySet()) {
            Duration since = Duration.between(one.getValue(), now);
            if (since.compareTo(properties.forgetAfter()) > 0) {
                forget(one.getKey());
            } else if (since.compareTo(properties.silentAfter()) > 0 && silent.add(one.getKey())) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "producer {0} is silent",
                        one.getKey().source());
                alerts.accept(
                        new ProducerSilent(one.getKey().source(), one.getKey().spool(), one.getValue()));
            }
        }
    }

    /// How many spools of a service are silent.
    synchronized int silent(String source) {
        return (int) silent.stream()
                .filter(producer -> producer.source().equals(source))
                .count();
    }
}
