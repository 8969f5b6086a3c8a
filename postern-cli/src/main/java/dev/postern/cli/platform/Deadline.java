package dev.postern.cli.platform;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// A bounded wait.
record Deadline(Clock clock, Instant end) {
    private static final Duration STEP = Duration.ofMillis(100);

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
