package dev.postern.vault;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// When to speak to the server next. Pure: time and randomness are arguments.
final class SessionPace {
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final int DOUBLINGS = 16;

    private SessionPace() {}

    /// Half of the token's life, moved by up to a tenth of it either way, so that a fleet does not renew in step.
    static Instant renewal(Instant from, Duration life, RandomGenerator random) {
        double half = life.toMillis() / 2.0;
        return from.plusMillis(Math.round(half + (random.nextDouble() * 2 - 1) * life.toMillis() / 10.0));
    }

    /// The pause after the n-th failure in a row (from 1): doubling up to `most`, with jitter in its upper half.
    static Duration backOff(int failures, Duration most, RandomGenerator random) {
        long bound = Math.min(FIRST_RETRY.toMillis() << Math.min(failures - 1, DOUBLINGS), most.toMillis());
        return Duration.ofMillis(bound / 2 + Math.round(random.nextDouble() * (bound - bound / 2.0)));
    }

    /// A tenth more or less.
    static Duration spread(Duration pause, RandomGenerator random) {
        return Duration.ofMillis(Math.round(pause.toMillis() * (0.9 + random.nextDouble() * 0.2)));
    }
}
