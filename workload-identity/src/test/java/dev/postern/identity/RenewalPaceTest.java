package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class RenewalPaceTest {
    private static RandomGenerator always(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }

    @Test
    void renewsAroundHalfLifeWithinATenth() {
        MutableClock clock = MutableClock.atNoon();
        try (WorkloadIdentity identity = Authorities.at(clock).identityOf(Authorities.RELAY)) {
            Instant half = identity.current().renewAt();

            assertThat(RenewalPace.renewal(identity.current(), always(0.5))).isEqualTo(half);
            assertThat(RenewalPace.renewal(identity.current(), always(0)))
                    .isBetween(half.minus(Duration.ofMinutes(73)), half.minus(Duration.ofMinutes(72)));
            assertThat(RenewalPace.renewal(identity.current(), always(1)))
                    .isBetween(half.plus(Duration.ofMinutes(72)), half.plus(Duration.ofMinutes(73)));
        }
    }

    @Test
    void backOffDoublesUpToItsBound() {
        Duration day = Duration.ofHours(24);

        assertThat(RenewalPace.backOff(day, 1, always(1))).isEqualTo(Duration.ofSeconds(5));
        assertThat(RenewalPace.backOff(day, 1, always(0))).isEqualTo(Duration.ofMillis(2500));
        assertThat(RenewalPace.backOff(day, 2, always(1))).isEqualTo(Duration.ofSeconds(10));
        assertThat(RenewalPace.backOff(day, 7, always(1))).isEqualTo(Duration.ofMinutes(5));
        assertThat(RenewalPace.backOff(day, Integer.MAX_VALUE, always(1))).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void manyTriesFitIntoAShortLife() {
        Duration life = Duration.ofSeconds(4);

        assertThat(RenewalPace.backOff(life, 1, always(1))).isEqualTo(Duration.ofMillis(100));
        assertThat(RenewalPace.backOff(life, 9, always(1))).isEqualTo(Duration.ofMillis(500));
    }
}
