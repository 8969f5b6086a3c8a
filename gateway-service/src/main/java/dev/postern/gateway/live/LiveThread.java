package dev.postern.gateway.live;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that looks at live requests.
final class LiveThread implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LiveThread.class);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-requests").factory());

    @Override
    public void execute(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException _) {
            // Closing: nothing is served any more.
        }
    }

    void every(Duration period, Runnable round) {
        var _ = thread.scheduleAtFixedRate(
                () -> guarded(round), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// A round that throws would be the last.
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            log.error("a look at the live requests failed", bug);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
