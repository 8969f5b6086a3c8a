package dev.postern.chassis.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.chassis.keys.KeySource.Fate;
import dev.postern.test.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Against a store in memory, whose values are the generations that they lie under.
final class GenerationKeysTest {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final MutableClock clock = MutableClock.atNoon();
    private final Store store = new Store();
    private GenerationKeys keys = keys();

    /// What survives a restart.
    private static final class Store implements Generations {
        private final TreeSet<Integer> there = new TreeSet<>(List.of(1));
        private final List<Integer> values = new ArrayList<>(List.of(1, 1, 1));
        /// What a request has sealed and not written yet.
        private final List<Integer> onItsWay = new ArrayList<>();
        private String dies = "";

        private int advances;

        private void die(String where) {
            if (dies.equals(where)) {
                throw new IllegalStateException("the process dies");
            }
        }

        @Override
        public int newest() {
            return there.last();
        }

        @Override
        public void advanceTo(int generation) {
            advances++;
            die("before rotate");
            while (newest() < generation) {
                there.add(newest() + 1);
            }
            die("after rotate");
        }

        @Override
        public int renew() {
            int moved = 0;
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i) != newest()) {
                    assertReadable();
                    values.set(i, newest());
                    moved++;
                    die("in renew");
                }
            }
            values.addAll(onItsWay);
            onItsWay.clear();
            die("after renew");
            return moved;
        }

        @Override
        public void endBefore(int oldest) {
            die("before end");
            there.headSet(oldest).clear();
            assertReadable();
        }

        private void assertReadable() {
            assertThat(there).containsAll(values);
        }
    }

    private GenerationKeys keys() {
        return new GenerationKeys("kms-wrapping", "sample-wrapping", store, GRACE, clock);
    }

    private void tend() {
        keys.tend();
        clock.advance(Duration.ofMillis(250));
    }

    private void tendFor(Duration time) {
        for (Duration left = time; !left.isNegative(); left = left.minusMillis(250)) {
            tend();
        }
    }

    @Test
    void nextWhenTheDirectoryKnowsNoneThenTheOneInForceAndThenOneThatIsNotThere() {
        assertThat(keys.next()).isEqualTo(1);
        assertThat(keys.next()).as("asked again after a refusal").isEqualTo(1);
        keys.moved(1, Fate.PREPARED);
        keys.moved(1, Fate.ACTIVE);
        assertThat(keys.next()).isEqualTo(2);
        keys.moved(2, Fate.PREPARED);
        tendFor(GRACE);
        assertThat(store.newest()).as("a spare is a promise").isEqualTo(1);
    }

    @Test
    void nextWhenSomebodyRotatedByHandThenASpareIsStillNotThere() {
        keys.moved(1, Fate.ACTIVE);
        store.advanceTo(4);
        tend();
        assertThat(keys.next()).isEqualTo(5);
    }

    @Test
    void keyIdWhenItIsReadAgainThenTheSameAndNothingElse() {
        assertThat(keys.keyId(12)).isEqualTo("sample-wrapping-12");
        assertThat(keys.load("sample-wrapping-12")).contains(12);
        for (String other : List.of(
                "sample-wrapping-",
                "sample-wrapping-+2",
                "sample-wrapping-02",
                "other-wrapping-2",
                "sample-wrapping-2x")) {
            assertThat(keys.load(other)).as(other).isEmpty();
        }
    }

    @Test
    void tendWhenAPromiseOrWhatSealsIsListedNoMoreThenNothingOlderEnds() {
        keys.moved(1, Fate.ACTIVE);
        tend();
        keys.moved(2, Fate.ACTIVE);
        keys.moved(1, Fate.RETIRING);
        keys.moved(3, Fate.PREPARED);
        tendFor(GRACE);
        // As when a ledger of before the rotation is restored.
        keys.moved(3, Fate.DESTROYED);
        keys.moved(2, Fate.DESTROYED);
        tendFor(GRACE.multipliedBy(3));
        assertThat(store.there).containsExactly(1, 2);
    }

    @Test
    void tendWhenTheNewestIsThereAlreadyThenTheOthersAreStillBroughtToIt() {
        store.advanceTo(2);
        store.advances = 0;
        keys.moved(2, Fate.ACTIVE);
        tend();
        assertThat(store.advances).isEqualTo(1);
    }

    @Test
    void tendWhenAnotherReplicaAdvancedThenWhatIsOnItsWayHereIsWaitedFor() {
        keys.moved(1, Fate.ACTIVE);
        tend();
        store.advanceTo(2);
        keys.moved(2, Fate.ACTIVE);
        tend();
        store.onItsWay.add(1);
        keys.moved(1, Fate.COMPROMISED);
        tend();
        assertThat(store.there).as("not before another look").contains(1);
        tendFor(GRACE.multipliedBy(2));
        assertThat(store.there).containsExactly(2);
        assertThat(store.values).containsOnly(2);
    }

    @Test
    void tendWhenActiveThenRotatesAndRenewsAndTheOldOneStaysUntilItsWindowEnds() {
        keys.moved(1, Fate.ACTIVE);
        tend();
        keys.moved(2, Fate.ACTIVE);
        keys.moved(1, Fate.RETIRING);
        tendFor(GRACE);
        assertThat(store.values).containsOnly(2);
        assertThat(store.there).containsExactly(1, 2);

        keys.moved(1, Fate.DESTROYED);
        tendFor(GRACE);
        assertThat(store.there).containsExactly(2);
    }

    @Test
    void tendWhenOnlyYoungerOnesAreListedAfterARestartThenNothingEnds() {
        store.advanceTo(3);
        keys = keys();
        keys.moved(3, Fate.ACTIVE);
        tendFor(GRACE.multipliedBy(2));
        assertThat(store.there).containsExactly(1, 2, 3);
        assertThat(store.values).containsOnly(3);
    }

    @Test
    void tendWhenOneWasMadeByHandThenItGoesWithTheOneBeforeIt() {
        keys.moved(1, Fate.ACTIVE);
        tend();
        store.advanceTo(2);
        keys.moved(1, Fate.ACTIVE);
        tend();
        assertThat(keys.next()).isEqualTo(3);
        keys.moved(3, Fate.PREPARED);
        keys.moved(1, Fate.COMPROMISED);
        keys.moved(3, Fate.ACTIVE);
        tendFor(GRACE);
        assertThat(store.there).containsExactly(3);
    }

    @Test
    void tendWhenTheDirectoryForgotEverythingThenNothingIsLost() {
        keys.moved(1, Fate.ACTIVE);
        tend();
        keys.moved(1, Fate.DESTROYED);
        tendFor(GRACE);
        assertThat(store.there).containsExactly(1);
        assertThat(keys.next()).isEqualTo(2);
    }

    @Test
    void tendWhenCompromisedThenEndsAtOnceAndSaysHowMuchWasSealedAnew() {
        keys.moved(1, Fate.ACTIVE);
        keys.moved(2, Fate.PREPARED);
        tendFor(GRACE);
        keys.moved(1, Fate.COMPROMISED);
        keys.moved(2, Fate.ACTIVE);
        assertThat(keys.endedWith("sample-wrapping-1")).isEmpty();
        tend();
        assertThat(store.values).containsOnly(2);
        assertThat(keys.endedWith("sample-wrapping-1")).as("not gone yet").isEmpty();
        tendFor(GRACE);
        assertThat(store.there).containsExactly(2);
        assertThat(keys.endedWith("sample-wrapping-1")).isEqualTo(OptionalInt.of(3));
        assertThat(keys.load("sample-wrapping-1")).as("never again").isEmpty();
    }

    @Test
    void tendWhenCompromisedWithoutASpareThenAnotherIsMade() {
        keys.moved(1, Fate.ACTIVE);
        tendFor(GRACE);
        keys.moved(1, Fate.COMPROMISED);
        tendFor(GRACE);
        assertThat(store.there).containsExactly(2);
        assertThat(store.values).containsOnly(2);
        assertThat(keys.next()).isEqualTo(3);
    }

    @Test
    void tendWhenSomethingWasOnItsWayThenItIsFoundBeforeTheEnd() {
        keys.moved(1, Fate.ACTIVE);
        tendFor(GRACE);
        store.onItsWay.add(1);
        keys.moved(1, Fate.COMPROMISED);
        keys.moved(2, Fate.ACTIVE);
        tend();
        assertThat(store.values).contains(1);
        tendFor(GRACE);
        assertThat(store.values).hasSize(4).containsOnly(2);
        assertThat(store.there).containsExactly(2);
        assertThat(keys.endedWith("sample-wrapping-1")).isEqualTo(OptionalInt.of(4));
    }

    @Test
    void tendWhenAnOlderOneIsCompromisedThenTheOneInForceStays() {
        keys.moved(1, Fate.ACTIVE);
        keys.moved(2, Fate.ACTIVE);
        keys.moved(1, Fate.RETIRING);
        tendFor(GRACE);
        keys.moved(1, Fate.COMPROMISED);
        tendFor(GRACE);
        assertThat(store.there).containsExactly(2);
        assertThat(keys.endedWith("sample-wrapping-1")).isEqualTo(OptionalInt.of(3));
    }

    @Test
    void tendWhenItEndedBeforeARestartThenThoseThatRetireStay() {
        store.advanceTo(3);
        store.renew();
        store.endBefore(2);
        keys = keys();
        for (String kid : List.of("sample-wrapping-1", "sample-wrapping-2", "sample-wrapping-3")) {
            assertThat(keys.load(kid)).isPresent();
        }
        keys.moved(1, Fate.COMPROMISED);
        tendFor(GRACE.multipliedBy(2));
        assertThat(store.there).containsExactly(2, 3);
        assertThat(keys.endedWith("sample-wrapping-1")).isEqualTo(OptionalInt.of(0));
    }

    @Test
    void tendWhenTheProcessDiesAtAnyStepThenEverythingIsReadableAndTheNextGoesOn() {
        for (String step : List.of("before rotate", "after rotate", "in renew", "after renew", "before end")) {
            int before = store.newest();
            keys = keys();
            keys.moved(before, Fate.ACTIVE);
            tendFor(GRACE);
            store.dies = step;
            keys.moved(before, Fate.COMPROMISED);
            keys.moved(before + 1, Fate.ACTIVE);
            tendFor(GRACE);
            assertThat(keys.endedWith(keys.keyId(before))).as(step).isEmpty();
            store.assertReadable();

            store.dies = "";
            keys = keys();
            keys.moved(before + 1, Fate.ACTIVE);
            keys.moved(before, Fate.COMPROMISED);
            tendFor(GRACE.multipliedBy(2));
            assertThat(store.there).as(step).containsExactly(before + 1);
            assertThat(store.values).as(step).containsOnly(before + 1);
            assertThat(keys.endedWith(keys.keyId(before))).as(step).isPresent();
        }
    }

    @Test
    void tendWhenTheStoreIsAwayThenTriedAgainByTheSameProcess() {
        keys.moved(1, Fate.ACTIVE);
        tend();
        store.dies = "in renew";
        keys.moved(1, Fate.COMPROMISED);
        keys.moved(2, Fate.ACTIVE);
        tendFor(GRACE);
        assertThat(store.there).contains(1);
        assertThat(keys.isWaiting()).isTrue();
        store.dies = "";
        tendFor(Duration.ofSeconds(10));
        assertThat(keys.isWaiting()).isFalse();
        assertThat(store.there).containsExactly(2);
        assertThat(keys.endedWith("sample-wrapping-1")).isPresent();
    }

    @Test
    void tendWhenAnotherReplicaDoesTheSameThenTheResultIsTheSame() {
        GenerationKeys other = keys();
        for (GenerationKeys each : List.of(keys, other)) {
            each.moved(1, Fate.ACTIVE);
            each.moved(2, Fate.ACTIVE);
            each.moved(1, Fate.COMPROMISED);
        }
        for (int i = 0; i < 20; i++) {
            keys.tend();
            other.tend();
            clock.advance(Duration.ofMillis(250));
        }
        assertThat(store.there).containsExactly(2);
        assertThat(keys.endedWith("sample-wrapping-1")).isPresent();
        assertThat(other.endedWith("sample-wrapping-1")).isPresent();
    }
}
