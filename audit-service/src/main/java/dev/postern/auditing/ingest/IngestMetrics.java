package dev.postern.auditing.ingest;

import dev.postern.audit.envelope.EventEnvelope;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/// Counts what producers send. Types are tags because their set is closed and checked before.
final class IngestMetrics {

    private static final System.Logger LOG = System.getLogger(IngestMetrics.class.getName());
    /// Clocks differ by less.
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private final MeterRegistry registry;
    private final Timer append;
    private final Counter ahead;
    private final Clock clock;

    IngestMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.ahead = Counter.builder("postern.audit.events.ahead")
                .description("Events of a time more than five minutes ahead of this clock")
                .register(registry);
        this.append = Timer.builder("postern.audit.append")
                .description("From a checked batch to its acknowledgement, fsync included")
                .register(registry);
    }

    <T> T timed(Supplier<T> work) {
        return append.record(work);
    }

    void taken(List<EventEnvelope> batch) {
        Instant latest = clock.instant().plus(AHEAD);
        for (EventEnvelope event : batch) {
            registry.counter("postern.audit.events", "type", event.type()).increment();
            if (event.time().isAfter(latest)) {
                ahead.increment();
                LOG.log(System.Logger.Level.WARNING, "the clock of producer {0} is ahead", event.source());
            }
        }
    }
}
