package dev.postern.cli.platform;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

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
        return find(wait, clock, () -> probe.holds() ? Optional.of(true) : Optional.empty())
                .isPresent();
    }

    /// Something that will be there soon.
    @FunctionalInterface
    public interface Search<T, E extends Exception> {
        Optional<T> look() throws E, InterruptedException;
    }

    /// Looks again and again until there is something; empty when there was nothing within `wait`.
    public static <T, E extends Exception> Optional<T> find(Duration wait, Clock clock, Search<T, E> search)
            throws E, InterruptedException {
        Deadline deadline = in(wait, clock);
        Optional<T> found = search.look();
        while (found.isEmpty() && !deadline.passed()) {
            step();
            found = search.look();
        }
        return found;
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
