package dev.postern.gateway.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.MutableClock;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DenialSampleTest {
    private final MutableClock clock = MutableClock.atNoon();
    private final DenialSample sample = new DenialSample(clock);

    @Test
    void takesWhenOneClientFloodsThenItsBurstAndOneASecond() {
        assertThat(takenOf(1_000, _ -> "flood")).isEqualTo(DenialSample.CLIENT_BURST);
        clock.advance(Duration.ofMillis(999));
        assertThat(takenOf(10, _ -> "flood")).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(takenOf(10, _ -> "flood")).isEqualTo(1);
        clock.advance(Duration.ofHours(1));
        assertThat(takenOf(1_000, _ -> "flood")).isEqualTo(DenialSample.CLIENT_BURST);
    }

    @Test
    void takesWhenOneClientFloodsThenOthersAreStillExplained() {
        takenOf(1_000_000, _ -> "flood");

        assertThat(sample.takes("demo", "quiet")).isTrue();
        assertThat(sample.takes("other", "flood")).isTrue();
    }

    @Test
    void takesWhenManyClientsFloodThenTheReplicasBurstAndRate() {
        assertThat(takenOf(1_000, n -> "c" + n)).isEqualTo(DenialSample.REPLICA_BURST);
        clock.advance(Duration.ofSeconds(1));
        assertThat(takenOf(1_000, n -> "d" + n)).isEqualTo(DenialSample.REPLICA_A_SECOND);
    }

    @Test
    void memoryWhenThereAreEverNewClientsThenItIsBounded() {
        for (int i = 0; i <= DenialSample.MOST_CLIENTS; i++) {
            assertThat(sample.takes("demo", "c" + i)).isTrue();
            clock.advance(Duration.ofMillis(50));
        }

        assertThat(sample.clients()).isEqualTo(DenialSample.MOST_CLIENTS);
    }

    @Test
    void takesWhenTheClockStepsBackThenNobodyWaitsLongerThanForAnEmptyBucket() {
        takenOf(10, _ -> "flood");
        clock.advance(Duration.ofDays(-1));

        assertThat(sample.takes("demo", "flood")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(sample.takes("demo", "flood")).isTrue();
    }

    private long takenOf(int times, IntFunction<String> client) {
        return IntStream.range(0, times)
                .filter(n -> sample.takes("demo", client.apply(n)))
                .count();
    }
}
