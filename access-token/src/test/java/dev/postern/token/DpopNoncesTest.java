package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.MutableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DpopNoncesTest {
    private final MutableClock clock = MutableClock.atNoon();
    private final DpopNonces nonces = new DpopNonces(clock, new SecureRandom());

    @Test
    void coverWhenOfThisOrThePreviousBucketThenCovered() {
        String nonce = nonces.current();
        assertThat(nonce).hasSize(22).isEqualTo(nonces.current());
        assertThat(nonces.cover(with(nonce))).isTrue();
        clock.advance(Duration.ofSeconds(119));
        assertThat(nonces.cover(with(nonce))).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(nonces.cover(with(nonce))).isFalse();
    }

    @Test
    void coverWhenOfTheFutureOrAnotherProcessThenNot() {
        String own = nonces.current();
        clock.advance(Duration.ofMinutes(-1));
        assertThat(nonces.cover(with(own))).isFalse();
        assertThat(nonces.cover(with(new DpopNonces(clock, new SecureRandom()).current())))
                .isFalse();
    }

    @Test
    void coverWhenThereIsNoneThenNot() {
        assertThat(nonces.cover(new DpopProof("key", "id", clock.instant(), Map.of())))
                .isFalse();
        assertThat(nonces.cover(with(""))).isFalse();
    }

    private DpopProof with(String nonce) {
        return new DpopProof("key", "id", clock.instant(), Map.of("nonce", nonce));
    }
}
