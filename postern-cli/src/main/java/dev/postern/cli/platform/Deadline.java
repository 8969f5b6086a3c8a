package dev.postern.cli.platform;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// A bounded wait.
public record Deadline(Clock clock, Instant end) {
    private static final Duration STEP = Duration.ofMillis(100);

    /// Something that will hold soon.
    @FunctionalInterface
    public interface Probe<E extends Exception> {
        boolean holds() throws E, InterruptedException;
    }

    /// Looks again and again until `probe` holds; false when it did not within `wait`.
    public static <E extends Exception> boolean await(Duration wait, Clock clock, Probe<E> probe)
            throws E, InterruptedException {
        Deadline deadline = in(wait, clock);
        while (!probe.holds()) {
            if (deadline.passed()) {
                return false;
            }
            step();
        }
        return true;
    }

    static Deadline in(Duration wait, Clock clock) {
        return new Deadline(clock, clock.instant().plus(wait));
    }

    boolean passed() {
        return !clock.instant().isBefore(end);
    }

    /// A short pause between two looks.
    static void step() throws InterruptedException {
        Thread.sleep(STEP);
    }
}
