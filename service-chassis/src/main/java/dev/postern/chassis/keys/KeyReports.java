package dev.postern.chassis.keys;

import dev.postern.token.KeyDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports signs that a key is in the wrong hands to the key-rotation-service, whose policy decides what they mean.
/// That service itself reports what it sees in the same way, without the network.
///
/// Guarantee: [#suspect] only counts, and waits for nobody. However many signs there are, of one key and trigger one
/// report a minute is made, with their number. While the key-rotation-service is away, what was seen is kept and
/// reported afterwards; one report that it never takes holds up no other for longer than a pause.
///
/// Non-guarantee: at most [#MOST] keys and triggers are kept, in memory; of more, signs are dropped and counted
/// (`postern.keys.reports{outcome="dropped"}`).
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

    /// Who decides what signs mean.
    @FunctionalInterface
    public interface Recipient extends AutoCloseable {
        /// How a report was answered.
        enum Answer {
            TAKEN,
            /// It never will be taken.
            REFUSED,
            /// It is to be said again.
            AWAY;

            public static Answer of(int status) {
                if (status / 100 == 2) {
                    return TAKEN;
                }
                return status / 100 == 4 && status != 408 && status != 429 ? REFUSED : AWAY;
            }
        }

        /// May wait.
        ///
        /// @param made when the most telling of the signs was made
        Answer report(Suspicion suspicion, int count, Instant made) throws InterruptedException;

        @Override
        default void close() {}
    }

    private record Due(Suspicion suspicion, int count, Instant made) {}

    private final Recipient recipient;
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
        this(new RotationServiceReports(new RotationService(rotation, http)), thread, nanoTime, meters);
    }

    /// @param recipient closed with this
    /// @param thread of one thread; ended by [#close]
    public KeyReports(
            Recipient recipient, ScheduledExecutorService thread, LongSupplier nanoTime, MeterRegistry meters) {
        this.recipient = recipient;
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
                    // What was not taken goes behind the others.
                    .min(Comparator.comparingLong(entry -> entry.getValue().quietUntil - now))
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
        return switch (recipient.report(suspicion, due.count(), due.made())) {
            case TAKEN -> {
                count(suspicion.trigger(), "reported");
                LOG.info(
                        "key {} of {}: {} ({} signs)",
                        suspicion.keyId(),
                        suspicion.keyClass(),
                        suspicion.trigger(),
                        due.count());
                yield true;
            }
            case REFUSED -> {
                count(suspicion.trigger(), "refused");
                yield true;
            }
            case AWAY -> false;
        };
    }

    private void count(Trigger trigger, String outcome) {
        meters.counter("postern.keys.reports", "trigger", trigger.code(), "outcome", outcome)
                .increment();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        recipient.close();
    }
}
