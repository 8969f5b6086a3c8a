package dev.postern.auditing.ingest;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.SequenceGapFound;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.root.RootLog;
import dev.postern.auditing.sequence.GapListener;
import dev.postern.auditing.sequence.Producer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.OptionalLong;

/// A hole in a producer's numbers: counted, logged, and itself an audit event.
final class GapAlarm implements GapListener {

    private static final System.Logger LOG = System.getLogger(GapAlarm.class.getName());

    private final RootLog root;
    private final AuditTrail trail;
    private final Counter gaps;

    GapAlarm(AuditTrail trail, RootLog root, MeterRegistry registry) {
        this.root = root;
        this.trail = trail;
        this.gaps = Counter.builder("postern.audit.gaps")
                .description("Events that came with another number than the producer's next")
                .register(registry);
    }

    @Override
    public void gap(EventEnvelope event, long expected) {
        OptionalLong known = expected == 1 ? OptionalLong.empty() : OptionalLong.of(expected - 1);
        gap(Producer.of(event), known, event.sequence());
    }

    /// A producer is further than the log. Of one whose events are all shredded or deleted nothing can be told.
    ///
    /// @param known     its last number in the log; empty if none can be read there
    /// @param received  the one that the producer told of
    void gap(Producer producer, OptionalLong known, long received) {
        if (known.isEmpty() && root.state().destroyedDays() > 0) {
            return;
        }
        long expected = known.orElse(0) + 1;
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
