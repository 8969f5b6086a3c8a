package dev.postern.chassis.keys;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// [GenerationKeys] that are registered and worked at, on a thread of their own.
public final class TendedKeys implements MeterBinder, AutoCloseable {
    private static final long INTERVAL_MILLIS = 250;
    private static final long PATIENCE_MILLIS = 5_000;

    private final GenerationKeys source;
    private final OwnedKeys<Integer> keys;
    private final ScheduledExecutorService thread;

    /// @param thread of one thread; ended by [#close]
    public TendedKeys(KeyOwner owner, GenerationKeys source, ScheduledExecutorService thread) {
        this.source = source;
        this.thread = thread;
        this.keys = owner.share(source);
        var _ = thread.scheduleWithFixedDelay(source::tend, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("postern.keys.work.waiting", source, it -> it.isWaiting() ? 1 : 0)
                .description("1 while what the directory says of these keys is not carried out here")
                .tag("class", source.keyClass())
                .register(registry);
    }

    /// Waits a little for what is being done: a file or a database is not to be interrupted without need.
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException _) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "TendedKeys[" + keys + "]";
    }
}
