package dev.postern.identity;

import dev.postern.identity.IdentityUnavailable.Reason;
import java.time.Duration;
import java.util.function.Supplier;

/// Bounded waiting for something that another process is about to provide. Measures with the monotonic clock: a
/// wait is a span, not a time of day.
final class Patience {
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final Duration limit;

    private Patience(Duration limit) {
        this.limit = limit;
    }

    static Patience within(Duration limit) {
        return new Patience(limit);
    }

    /// The first success; the last failure if it never comes, and at once any failure that waiting does not heal.
    <T> T get(Supplier<T> attempt) {
        long start = System.nanoTime();
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            try {
                return attempt.get();
            } catch (IdentityUnavailable unavailable) {
                Duration left = limit.minusNanos(System.nanoTime() - start);
                if (!unavailable.reason().passing() || left.isNegative() || left.isZero()) {
                    throw unavailable;
                }
                rest(Math.min(pause, Math.max(1, left.toMillis())));
                pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
            }
        }
    }

    private static void rest(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IdentityUnavailable(Reason.INTERRUPTED, "The wait for an identity was interrupted.", e);
        }
    }
}
