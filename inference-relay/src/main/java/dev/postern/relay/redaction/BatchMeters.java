package dev.postern.relay.redaction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What one lane shows of itself. Thread-safe.
final class BatchMeters {
    private static final String STEP = "step";

    private final AtomicInteger limit = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final DistributionSummary items;
    private final Timer took;
    private final Counter grew;
    private final Counter shrank;
    private final Counter relaxed;

    /// @param step `prompt` or `answer`
    BatchMeters(MeterRegistry meters, String step) {
        Gauge.builder("postern.redaction.batch.limit", limit, AtomicInteger::get)
                .description("How many items a batch may have at this moment")
                .tag(STEP, step)
                .register(meters);
        Gauge.builder("postern.redaction.queue", waiting, AtomicInteger::get)
                .description("Items that wait to be sent to redaction")
                .tag(STEP, step)
                .register(meters);
        this.items = DistributionSummary.builder("postern.redaction.batch.items")
                .description("Items of a batch")
                .tag(STEP, step)
                .register(meters);
        this.took = Timer.builder("postern.redaction.batch")
                .description("How long a batch kept redaction busy")
                .publishPercentiles(0.5, 0.99)
                .tag(STEP, step)
                .register(meters);
        this.grew = changes(meters, step, "grew");
        this.shrank = changes(meters, step, "shrank");
        this.relaxed = changes(meters, step, "relaxed");
    }

    private static Counter changes(MeterRegistry meters, String step, String change) {
        return Counter.builder("postern.redaction.batch.changes")
                .description("How often the limit was changed: grew by depth, shrank by latency, relaxed unneeded")
                .tag(STEP, step)
                .tag("change", change)
                .register(meters);
    }

    void limit(int now) {
        limit.set(now);
    }

    void waiting(int now) {
        waiting.set(now);
    }

    void sent(int count) {
        items.record(count);
    }

    void answered(long nanos) {
        took.record(nanos, TimeUnit.NANOSECONDS);
    }

    void changed(BatchControl.Change change) {
        switch (change) {
            case NONE -> {}
            case GREW -> grew.increment();
            case SHRANK -> shrank.increment();
            case RELAXED -> relaxed.increment();
        }
    }
}
