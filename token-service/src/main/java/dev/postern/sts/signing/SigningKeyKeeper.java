package dev.postern.sts.signing;

import dev.postern.token.KeyDirectory;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs [SigningKeys#reconcile] on a thread of its own: at every change of the directory and every second. Never on
/// the thread that polls the directory, whose polls are this process's heartbeat.
final class SigningKeyKeeper implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SigningKeyKeeper.class);
    private static final long INTERVAL_MILLIS = 1_000;

    private final SigningKeys keys;
    private final KeyDirectory directory;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("signing-keys").factory());

    SigningKeyKeeper(SigningKeys keys, KeyDirectory directory) {
        this.keys = keys;
        this.directory = directory;
    }

    SigningKeyKeeper start() {
        var _ = scheduler.scheduleWithFixedDelay(this::reconcile, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        directory.onChange(_ -> reconcileNow());
        return this;
    }

    private void reconcileNow() {
        try {
            scheduler.execute(this::reconcile);
        } catch (RejectedExecutionException _) {
            // Closed meanwhile.
        }
    }

    private void reconcile() {
        try {
            if (keys.reconcile()) {
                directory.refresh();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // One failed run must not end the schedule.
            log.error("signing keys could not be brought in line with the directory", e);
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
