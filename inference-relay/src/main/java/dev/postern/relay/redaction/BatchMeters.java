package dev.postern.relay.redaction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/// What the lanes of one kind show of themselves, one after another: each stream has its own. Thread-safe.
final class BatchMeters {
    private static final String STEP = "step";

    private volatile Shown shown = new Shown(0);
    private final DistributionSummary items;
    private final Timer took;
    private final Counter grew;
    private final Counter shrank;
    private final Counter relaxed;

    /// @param step `prompt` or `answer`
    BatchMeters(MeterRegistry meters, String step) {
        Gauge.builder("postern.redaction.batch.limit", this, self -> self.shown.limit)
                .description("How many items a batch may have at this moment")
                .tag(STEP, step)
                .register(meters);
        Gauge.builder("postern.redaction.queue", this, self -> self.shown.waiting)
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

    /// A new lane is shown from now on, and whatever an old one still says of itself is not.
    Shown begin(int limit) {
        Shown begun = new Shown(limit);
        shown = begun;
        return begun;
    }

    /// How one lane is now. Written by one thread at a time.
    static final class Shown {
        private volatile int limit;
        private volatile int waiting;

        private Shown(int limit) {
            this.limit = limit;
        }

        void limit(int now) {
            limit = now;
        }

        void waiting(int now) {
            waiting = now;
        }
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
