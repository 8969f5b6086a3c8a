package dev.postern.auditing.ingest;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.SequenceGapFound;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.sequence.GapListener;
import dev.postern.auditing.sequence.Producer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// A hole in a producer's numbers: counted, logged, and itself an audit event.
final class GapAlarm implements GapListener {

    private static final System.Logger LOG = System.getLogger(GapAlarm.class.getName());

    private final AuditTrail trail;
    private final Counter gaps;

    GapAlarm(AuditTrail trail, MeterRegistry registry) {
        this.trail = trail;
        this.gaps = Counter.builder("postern.audit.gaps")
                .description("Events that came with another number than the producer's next")
                .register(registry);
    }

    @Override
    public void gap(EventEnvelope event, long expected) {
        gap(Producer.of(event), expected, event.sequence());
    }

    /// A producer is further than the log.
    ///
    /// @param expected  the number that should have come
    /// @param received  the one that the producer told of
    void gap(Producer producer, long expected, long received) {
        gaps.increment();
        LOG.log(
                System.Logger.Level.WARNING,
                "producer {0} told of number {1} where {2} should have come",
                producer.source(),
                Long.toString(received),
                Long.toString(expected));
        var _ = trail.record(new SequenceGapFound(producer.source(), producer.spool(), expected, received));
    }
}
