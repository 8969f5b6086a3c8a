package dev.postern.relay.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeptBytesTest {
    private static final Duration LIFE = Duration.ofSeconds(10);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final KeptBytes kept = new KeptBytes(1_000, now::get);

    @Test
    void whatDoesNotFitIsNotKept() {
        assertThat(kept.tryKeep(400, LIFE)).isTrue();
        assertThat(kept.tryKeep(400, LIFE))
                .as("with what a value costs beside it")
                .isFalse();
        assertThat(kept.tryKeep(0, LIFE)).isTrue();
        assertThat(kept.tryKeep(0, LIFE)).as("empty ones count as well").isFalse();
    }

    @Test
    void whatTheStoreHasForgottenMakesRoomAlsoWhenTheClockWraps() {
        assertThat(kept.tryKeep(700, LIFE)).isTrue();
        now.addAndGet(LIFE.toNanos() - 1);
        assertThat(kept.tryKeep(700, LIFE)).isFalse();
        now.incrementAndGet();
        assertThat(kept.sum()).isZero();
        assertThat(kept.tryKeep(700, LIFE)).isTrue();
    }
}
