package dev.postern.auditing.ingest;

import dev.postern.audit.envelope.EventEnvelope;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.Supplier;

/// Counts what producers send. Types are tags because their set is closed and checked before.
final class IngestMetrics {

    private final MeterRegistry registry;
    private final Timer append;

    IngestMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.append = Timer.builder("postern.audit.append")
                .description("From a checked batch to its acknowledgement, fsync included")
                .register(registry);
    }

    <T> T timed(Supplier<T> work) {
        return append.record(work);
    }

    void taken(List<EventEnvelope> batch) {
        batch.forEach(event ->
                registry.counter("postern.audit.events", "type", event.type()).increment());
    }
}
