package dev.postern.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// When to try next. Pure: time and randomness are arguments.
final class RenewalPace {
    private static final Duration FIRST_RETRY_MOST = Duration.ofSeconds(5);
    private static final Duration FIRST_RETRY_LEAST = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
    private static final int LIFETIME_PARTS = 64;
    private static final int DOUBLINGS = 12;

    private RenewalPace() {}

    /// Half life, moved by up to a tenth of the remaining half either way so that a fleet does not renew in step.
    static Instant renewal(IdentityDocument document, RandomGenerator random) {
        double spread = document.lifetime().toMillis() / 20.0;
        return document.renewAt().plusMillis(Math.round((random.nextDouble() * 2 - 1) * spread));
    }

    /// The pause after the n-th failure in a row (from 1): doubling, with full jitter in its upper half, and never
    /// longer than an eighth of the certificate's life, so that several tries always fit into the second half.
    static Duration backOff(Duration lifetime, int failures, RandomGenerator random) {
        Duration first = clamp(lifetime.dividedBy(LIFETIME_PARTS), FIRST_RETRY_LEAST, FIRST_RETRY_MOST);
        Duration most = clamp(lifetime.dividedBy(8), FIRST_RETRY_LEAST, LONGEST_RETRY);
        long doubled = first.toMillis() << Math.min(failures - 1, DOUBLINGS);
        long bound = Math.min(doubled, most.toMillis());
        return Duration.ofMillis(bound / 2 + Math.round(random.nextDouble() * (bound - bound / 2.0)));
    }

    private static Duration clamp(Duration value, Duration least, Duration most) {
        return value.compareTo(least) < 0 ? least : value.compareTo(most) > 0 ? most : value;
    }
}
