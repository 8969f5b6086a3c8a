package dev.postern.audit.sink;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Pauses that double, drawn from the whole range below the bound so that producers do not return in step.
final class Backoff {

    private static final int MAX_DOUBLINGS = 20;

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    Duration next() {
        long bound = Math.min(longest.toNanos(), first.toNanos() << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        return Duration.ofNanos(random.nextLong(1, Math.max(bound, 1) + 1));
    }

    void reset() {
        failures = 0;
    }
}
