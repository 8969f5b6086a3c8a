package dev.postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.MutableClock;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ChallengesTest {
    private final MutableClock clock = MutableClock.atNoon();
    private final Challenges challenges = new Challenges(clock, new SecureRandom());

    @Test
    void isAcceptedInItsOwnBucketAndTheNextOnly() {
        clock.advance(Duration.ofSeconds(59));
        byte[] challenge = decoded(challenges.issue());
        assertThat(challenges.accepts(challenge)).isTrue();
        clock.advance(Duration.ofSeconds(60));
        assertThat(challenges.accepts(challenge)).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(challenges.accepts(challenge)).isFalse();
    }

    @Test
    void fromTheFutureIsRefused() {
        byte[] challenge = decoded(challenges.issue());
        clock.advance(Duration.ofSeconds(-1));
        assertThat(challenges.accepts(challenge)).isFalse();
    }

    @Test
    void noTwoAreTheSame() {
        assertThat(challenges.issue()).isNotEqualTo(challenges.issue()).hasSize(43);
    }

    @Test
    void anyAlteredBitIsRefused() {
        byte[] challenge = decoded(challenges.issue());
        for (int bit = 0; bit < 8 * challenge.length; bit++) {
            byte[] altered = challenge.clone();
            altered[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(challenges.accepts(altered)).isFalse();
        }
        assertThat(challenges.accepts(new byte[0])).isFalse();
    }

    private static byte[] decoded(String challenge) {
        return Base64Url.decode(challenge, Challenges.LENGTH).orElseThrow();
    }
}
