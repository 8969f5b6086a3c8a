package dev.postern.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.session.SessionTerms;
import dev.postern.test.MutableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SessionWindowTest {
    private final MutableClock clock = MutableClock.atNoon();
    private final Instant ends = clock.instant().plus(Duration.ofMinutes(5));
    private final SessionWindow window = new SessionWindow(clock, SessionTerms.until(ends), ends);

    @Test
    void openWhenNeverUsedThenOnlyUntilRelayMayDropIt() {
        assertThat(window.open()).isTrue();
        clock.advance(Duration.ofSeconds(4));
        assertThat(window.open()).isFalse();
    }

    @Test
    void openWhenIdleThenClosedBeforeRelayMayDropIt() {
        window.used();
        clock.advance(Duration.ofSeconds(54));
        assertThat(window.open()).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(window.open()).isFalse();
    }

    @Test
    void openWhenInSteadyUseThenForTheFirstHalfOfItsLife() {
        Instant half = clock.instant().plusSeconds(150);
        boolean aged = false;
        while (clock.instant().isBefore(half)) {
            assertThat(window.open()).isTrue();
            aged |= window.ages();
            window.used();
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(aged).isTrue();
        assertThat(window.open()).isFalse();
    }
}
