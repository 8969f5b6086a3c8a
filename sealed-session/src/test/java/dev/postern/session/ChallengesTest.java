package dev.postern.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.postern.test.MutableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
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

    @Test
    void keysThatTurnOverAcceptWhatTheOldOneMadeUntilItIsGone() {
        SecureRandom random = new SecureRandom();
        ChallengeKey old = ChallengeKey.generate(random);
        ChallengeKey young = ChallengeKey.generate(random);
        AtomicReference<List<ChallengeKey>> keys = new AtomicReference<>(List.of(old));
        Challenges turning = new Challenges(keys::get, clock, random);
        byte[] before = decoded(turning.issue());

        keys.set(List.of(young, old));
        assertThat(turning.accepts(before)).isTrue();
        assertThat(turning.accepts(decoded(turning.issue()))).isTrue();
        keys.set(List.of(young));
        assertThat(turning.accepts(before)).isFalse();
        assertThat(turning.accepts(decoded(turning.issue()))).isTrue();
    }

    @Test
    void aKeyThatIsErasedWhileItIsLookedAtAcceptsNothing() {
        byte[] before = decoded(challenges.issue());
        challenges.close();
        assertThat(challenges.accepts(before)).isFalse();
        assertThatIllegalStateException().isThrownBy(challenges::issue);
    }

    private static byte[] decoded(String challenge) {
        return Base64Url.decode(challenge, Challenges.LENGTH).orElseThrow();
    }
}
