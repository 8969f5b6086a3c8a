package dev.postern.chassis.keys;

import dev.postern.token.KeyDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports signs that a key is in the wrong hands to the key-rotation-service, whose policy decides what they mean.
///
/// Guarantee: [#suspect] only counts, and waits for nobody. However many signs there are, of one key and trigger one
/// report a minute is made, with their number. While the key-rotation-service is away, what was seen is kept and
/// reported afterwards. Non-guarantee: at most [#MOST] keys and triggers are kept, in memory; of more, signs are
/// dropped
/// and counted (`postern.keys.reports{outcome="dropped"}`).
///
/// [#suspect] is for any thread; one thread reports.
public final class KeyReports implements AutoCloseable {
    static final int MOST = 64;
    private static final Logger LOG = LoggerFactory.getLogger(KeyReports.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /// What was seen of one key and not reported yet.
    private static final class Tally {
        private int count;
        /// When the most telling of them was made: the newest by a key that is over, the oldest by one that had not
        /// begun. Honest ones of a time when this process was behind lie on the other side of it.
        private Optional<Instant> made = Optional.empty();
        private long quietUntil;

        Tally(long now) {
            quietUntil = now;
        }

        void add(Trigger trigger, int more, Instant at) {
            count = (int) Math.min(Integer.MAX_VALUE, (long) count + more);
            boolean oldest = trigger == Trigger.UNEXPECTED_USE;
            if (made.isEmpty() || (oldest ? at.isBefore(made.get()) : at.isAfter(made.get()))) {
                made = Optional.of(at);
            }
        }

        boolean isQuiet(long now) {
            return now - quietUntil < 0;
        }
    }

    private record Due(Suspicion suspicion, int count, Instant made) {}

    private final RotationService rotation;
    private final ScheduledExecutorService thread;
    private final LongSupplier nanoTime;
    private final MeterRegistry meters;
    /// Guarded by itself, and never held while somebody is asked.
    private final Map<Suspicion, Tally> tallies = new HashMap<>();
    // Of the reporting thread.
    private Duration pause = INTERVAL;
    private long nextTry;

    /// @param rotation where the key-rotation-service answers, without path
    /// @param http shows this service's identity, and trusts the key-rotation-service only; closed with this
    /// @param thread of one thread; ended by [#close]
    public KeyReports(
            URI rotation,
            HttpClient http,
            ScheduledExecutorService thread,
            LongSupplier nanoTime,
            MeterRegistry meters) {
        this.rotation = new RotationService(rotation, http);
        this.thread = thread;
        this.nanoTime = nanoTime;
        this.meters = meters;
        this.nextTry = nanoTime.getAsLong();
    }

    /// Begins to report.
    public KeyReports start() {
        var _ = thread.scheduleWithFixedDelay(
                this::report, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    /// Counts signs.
    ///
    /// @param at when what is suspicious was made, by its own word
    /// @param count how many signs
    public void suspect(Suspicion suspicion, Instant at, int count) {
        synchronized (tallies) {
            if (tallies.size() < MOST || tallies.containsKey(suspicion)) {
                tallies.computeIfAbsent(suspicion, _ -> new Tally(nanoTime.getAsLong()))
                        .add(suspicion.trigger(), count, at);
                return;
            }
        }
        count(suspicion.trigger(), "dropped");
    }

    /// Watches who signs tokens with the keys of the directory.
    ///
    /// @param tolerance how far clocks may differ
    public void watch(KeyDirectory directory, Duration tolerance) {
        directory.onUse(new SignatureWatch(this, tolerance));
    }

    /// Reports what is due. Of the reporting thread, and tests.
    void report() {
        try {
            while (nanoTime.getAsLong() - nextTry >= 0) {
                Optional<Due> due = take();
                if (due.isEmpty()) {
                    return;
                }
                if (isTaken(due.get())) {
                    pause = INTERVAL;
                } else {
                    giveBack(due.get());
                    nextTry = nanoTime.getAsLong() + pause.toNanos();
                    Duration longer = pause.multipliedBy(2);
                    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            // One failed run must not end the schedule.
            LOG.error("a sign of a stolen key could not be reported", bug);
        }
    }

    private Optional<Due> take() {
        synchronized (tallies) {
            long now = nanoTime.getAsLong();
            tallies.values().removeIf(tally -> tally.count == 0 && !tally.isQuiet(now));
            return tallies.entrySet().stream()
                    .filter(entry -> !entry.getValue().isQuiet(now))
                    .findFirst()
                    .map(entry -> {
                        Tally tally = entry.getValue();
                        Due due = new Due(entry.getKey(), tally.count, tally.made.orElse(Instant.EPOCH));
                        tally.count = 0;
                        tally.made = Optional.empty();
                        tally.quietUntil = now + QUIET.toNanos();
                        return due;
                    });
        }
    }

    private void giveBack(Due due) {
        synchronized (tallies) {
            Tally tally = tallies.computeIfAbsent(due.suspicion(), _ -> new Tally(nanoTime.getAsLong()));
            tally.add(due.suspicion().trigger(), due.count(), due.made());
            tally.quietUntil = nanoTime.getAsLong();
        }
    }

    /// Whether it need not be said again.
    private boolean isTaken(Due due) throws InterruptedException {
        Suspicion suspicion = due.suspicion();
        int status;
        try {
            status = rotation.send(
                    "POST",
                    "/v1/keys/" + suspicion.keyClass() + "/" + suspicion.keyId() + "/suspicions",
                    Map.of(
                            "trigger", suspicion.trigger().code(),
                            "count", due.count(),
                            "made_at", due.made().getEpochSecond()));
        } catch (IOException _) {
            return false;
        }
        if (status / 100 == 2) {
            count(suspicion.trigger(), "reported");
            LOG.info(
                    "key {} of {}: {} ({} signs)",
                    suspicion.keyId(),
                    suspicion.keyClass(),
                    suspicion.trigger(),
                    due.count());
            return true;
        }
        if (status / 100 == 4 && status != 408 && status != 429) {
            count(suspicion.trigger(), "refused");
            LOG.error(
                    "the report on key {} of {} was refused with {}", suspicion.keyId(), suspicion.keyClass(), status);
            return true;
        }
        return false;
    }

    private void count(Trigger trigger, String outcome) {
        meters.counter("postern.keys.reports", "trigger", trigger.code(), "outcome", outcome)
                .increment();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        rotation.close();
    }
}
