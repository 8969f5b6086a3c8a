package dev.postern.chassis.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.chassis.keys.KeySource.Fate;
import dev.postern.chassis.keys.TurningKeys.Named;
import dev.postern.chassis.keys.TurningKeys.Pace;
import dev.postern.test.MutableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Keys are numbers, in the order in which they were born.
final class TurningKeysTest {
    private static final Duration LONGEST = Duration.ofHours(2);
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final MutableClock clock = MutableClock.atNoon();
    private final Set<Integer> erased = new LinkedHashSet<>();
    private int born;
    private final TurningKeys<Integer> keys = new TurningKeys<>(
            "challenge-mac", new Pace(LONGEST, WINDOW), () -> ++born, erased::add, clock, new SecureRandom());

    @Test
    void usableWhenTheDirectorySaysNothingThenAKeyOfOurOwn() {
        assertThat(keys.usable()).containsExactly(1);
    }

    @Test
    void usableWhenTheDirectoryIsSilentForLongThenTheyGoOnByThemselves() {
        clock.advance(LONGEST.minusMillis(1));
        assertThat(keys.usable()).containsExactly(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(keys.usable()).containsExactly(2, 1);
        clock.advance(WINDOW.minusMillis(1));
        assertThat(keys.usable()).containsExactly(2, 1);
        assertThat(erased).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(keys.usable()).containsExactly(2);
        assertThat(erased).containsExactly(1);
    }

    @Test
    void movedWhenPreparedThenItMakesNothing() {
        Named<Integer> spare = keys.next();
        keys.moved(spare, Fate.PREPARED);
        assertThat(keys.usable()).containsExactly(1);
    }

    @Test
    void movedWhenActiveThenTheOldOneIsAcceptedUntilItsWindowEnds() {
        Named<Integer> spare = keys.next();
        keys.moved(spare, Fate.ACTIVE);
        assertThat(keys.usable()).containsExactly(2, 1);

        Named<Integer> next = keys.next();
        clock.advance(Duration.ofMinutes(1));
        keys.moved(next, Fate.ACTIVE);
        keys.moved(spare, Fate.RETIRING);
        assertThat(keys.usable()).containsExactly(3, 2, 1);
        clock.advance(Duration.ofMinutes(4));
        assertThat(keys.usable())
                .as("succeeding another does not lengthen a window")
                .containsExactly(3, 2);
        keys.moved(spare, Fate.DESTROYED);
        assertThat(keys.usable()).containsExactly(3);
        assertThat(erased).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void movedWhenCompromisedThenRefusedAtOnceWithThoseOfOurOwn() {
        Named<Integer> first = keys.next();
        keys.moved(first, Fate.ACTIVE);
        Named<Integer> spare = keys.next();
        keys.moved(spare, Fate.PREPARED);

        keys.moved(first, Fate.COMPROMISED);
        assertThat(erased).contains(1, 2);
        assertThat(keys.usable()).as("never without one").containsExactly(4);
        keys.moved(spare, Fate.ACTIVE);
        assertThat(keys.usable()).containsExactly(3, 4);
    }

    @Test
    void movedWhenTheSpareIsActiveBeforeTheOldOneIsToldThenTheSameInTheEnd() {
        Named<Integer> first = keys.next();
        keys.moved(first, Fate.ACTIVE);
        Named<Integer> spare = keys.next();
        keys.moved(spare, Fate.ACTIVE);
        keys.moved(first, Fate.COMPROMISED);
        assertThat(keys.usable()).containsExactly(3);
        assertThat(erased).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void movedWhenASpareIsCompromisedThenItIsErased() {
        Named<Integer> first = keys.next();
        keys.moved(first, Fate.ACTIVE);
        Named<Integer> spare = keys.next();
        keys.moved(spare, Fate.COMPROMISED);
        assertThat(keys.usable()).containsExactly(2);
        assertThat(erased).containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void keyIdWhenAskedThenNoTwoAreTheSameAndNoneIsASerialNumber() {
        String id = keys.keyId(keys.next());
        assertThat(id).startsWith("challenge-mac-").isNotEqualTo(keys.keyId(keys.next()));
        assertThat(id).matches("[A-Za-z0-9_-]{8,128}");
        assertThat(keys.next().toString()).doesNotContain("=").contains("challenge-mac-");
    }

    @Test
    void closeWhenCalledThenNothingIsUsable() {
        keys.close();
        clock.advance(LONGEST.multipliedBy(2));
        assertThat(keys.usable()).isEmpty();
        assertThat(erased).containsExactly(1);
    }
}
