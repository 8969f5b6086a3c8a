package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.postern.test.MutableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
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

    @Test
    void coverWhenTheKeysTurnOverThenThoseThatAreAcceptedAndNoOthers() {
        SecureRandom random = new SecureRandom();
        NonceKey old = NonceKey.generate(random);
        NonceKey young = NonceKey.generate(random);
        AtomicReference<List<NonceKey>> keys = new AtomicReference<>(List.of(old));
        DpopNonces turning = new DpopNonces(keys::get, clock);
        String before = turning.current();

        keys.set(List.of(young, old));
        assertThat(turning.current()).isNotEqualTo(before);
        assertThat(turning.cover(with(before))).isTrue();
        keys.set(List.of(young));
        assertThat(turning.cover(with(before))).isFalse();
        assertThat(turning.cover(with(turning.current()))).isTrue();
    }

    @Test
    void coverWhenAKeyIsErasedWhileItIsLookedAtThenNotEvenForAKeyOfZeros() {
        NonceKey compromised = NonceKey.generate(new SecureRandom());
        DpopNonces turning = new DpopNonces(() -> List.of(compromised), clock);
        String before = turning.current();
        compromised.erase();
        assertThat(turning.cover(with(before))).isFalse();
        assertThat(turning.cover(with(""))).isFalse();
        assertThatIllegalStateException().isThrownBy(turning::current);
    }

    private DpopProof with(String nonce) {
        return new DpopProof("key", "id", clock.instant(), Map.of("nonce", nonce));
    }
}
