package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class SessionPaceTest {
    private static final Duration MOST = Duration.ofSeconds(10);
    private final RandomGenerator random = new Random(7);

    @Test
    void renewalIsAroundHalfLife() {
        for (int i = 0; i < 1000; i++) {
            assertThat(SessionPace.renewal(Instant.EPOCH, Duration.ofSeconds(100), random))
                    .isBetween(Instant.ofEpochSecond(40), Instant.ofEpochSecond(60));
        }
    }

    @Test
    void pausesDoubleUpToTheMost() {
        for (int failures = 1; failures < 200; failures++) {
            long bound = Math.min(MOST.toMillis(), failures > 10 ? MOST.toMillis() : 250L << (failures - 1));
            assertThat(SessionPace.backOff(failures, MOST, random).toMillis()).isBetween(bound / 2, bound);
        }
    }

    @Test
    void pausesDiffer() {
        assertThat(random.doubles(50)
                        .mapToObj(_ -> SessionPace.backOff(6, MOST, random))
                        .distinct()
                        .count())
                .isGreaterThan(40);
        assertThat(SessionPace.spread(MOST, random).toMillis()).isBetween(9_000L, 11_000L);
    }
}
