package dev.postern.chassis.keys;

import dev.postern.token.DirectoryEntry;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All keys that this process owns, kept in line with the directory on a thread of their own: at every change of it and
/// every second. Never on the thread that polls the directory, whose polls are this process's heartbeat.
///
/// One bean per service (see [KeysAutoConfiguration]); a class of keys is owned by one call of [#own].
public final class KeyOwner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyOwner.class);
    private static final long INTERVAL_MILLIS = 1_000;

    private final URI owner;
    private final DirectoryView directory;
    private final KeyRegistration registration;
    private final Clock clock;
    private final ScheduledExecutorService thread;
    private final List<OwnedKeys<?>> classes = new CopyOnWriteArrayList<>();

    /// @param owner this service
    /// @param thread of one thread; ended by [#close]
    public KeyOwner(
            URI owner,
            DirectoryView directory,
            KeyRegistration registration,
            Clock clock,
            ScheduledExecutorService thread) {
        this.owner = owner;
        this.directory = directory;
        this.registration = registration;
        this.clock = clock;
        this.thread = thread;
        var _ = thread.scheduleWithFixedDelay(this::reconcile, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        directory.onChange(this::reconcileNow);
    }

    /// Owns a class whose keys are born in this process and die with it.
    public <K> OwnedKeys<K> own(KeySource<K> source) {
        return own(source, directory.instance());
    }

    /// Owns a class whose keys all replicas of this service hold, each from the same (wrapped) store: its source can
    /// [KeySource#load] whatever a replica has registered.
    public <K> OwnedKeys<K> share(KeySource<K> source) {
        return own(source, DirectoryEntry.SHARED);
    }

    private <K> OwnedKeys<K> own(KeySource<K> source, String instance) {
        OwnedKeys<K> keys = new OwnedKeys<>(source, owner, instance, directory::snapshot, registration, clock);
        classes.add(keys);
        reconcileNow();
        return keys;
    }

    private void reconcileNow() {
        try {
            thread.execute(this::reconcile);
        } catch (RejectedExecutionException _) {
            // Closed meanwhile.
        }
    }

    private void reconcile() {
        for (OwnedKeys<?> keys : classes) {
            try {
                if (keys.reconcile()) {
                    directory.refresh();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                // One failed run must not end the schedule, nor the other classes.
                LOG.error("{} could not be brought in line with the directory", keys, e);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
