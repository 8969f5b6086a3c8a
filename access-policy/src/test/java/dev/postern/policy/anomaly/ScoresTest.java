package dev.postern.policy.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoresTest {

    private static final long WINDOW = Baseline.WINDOW_MILLIS;

    @Test
    void nothingIsUnusualBeforeThereIsAPast() {
        Baseline baseline = new Baseline(5);
        assertThat(baseline.score(0)).isZero();
        for (int window = 0; window < Baseline.LEARNING; window++) {
            baseline.add(10, window * WINDOW);
            assertThat(baseline.score(window * WINDOW)).isZero();
        }
        baseline.add(1_000_000, (Baseline.LEARNING - 1) * WINDOW);
        assertThat(baseline.score((Baseline.LEARNING - 1) * WINDOW)).isZero();
    }

    @Test
    void scoreFollowsTheDocumentedFormula() {
        Baseline baseline = learned(10, 100);
        // The deviation of a steady 10 is the floor, 5.
        baseline.add(10 + 3 * 5, 100 * WINDOW);
        assertThat(baseline.score(100 * WINDOW)).isZero();
        baseline.add(2 * 5, 100 * WINDOW);
        assertThat(baseline.score(100 * WINDOW)).isCloseTo(1 - Math.exp(-2.0 / 5), within(1e-6));
        baseline.add(13 * 5, 100 * WINDOW);
        assertThat(baseline.score(100 * WINDOW)).isCloseTo(0.95, within(0.001));
    }

    @Test
    void scoreEndsWithTheWindow() {
        Baseline baseline = learned(10, 100);
        baseline.add(10_000, 100 * WINDOW);
        assertThat(baseline.score(101 * WINDOW - 1)).isGreaterThan(0.99);
        assertThat(baseline.score(101 * WINDOW)).isZero();
    }

    @Test
    void spikeDoesNotTeachThatSpikesAreUsual() {
        Baseline baseline = learned(10, 100);
        for (int window = 100; window < 106; window++) {
            baseline.add(10_000, window * WINDOW);
            assertThat(baseline.score(window * WINDOW)).isGreaterThan(0.99);
        }
    }

    @Test
    void slowGrowthIsNotASpike() {
        Baseline baseline = learned(100, 100);
        double amount = 100;
        for (int window = 100; window < 400; window++) {
            amount *= 1.005;
            baseline.add(amount, window * WINDOW);
            assertThat(baseline.score(window * WINDOW)).isLessThan(0.3);
        }
    }

    @Test
    void longSilenceCostsNoTimeAndForgets() {
        Baseline baseline = learned(1_000, 100);
        long later = 1_000_000_000L * WINDOW;
        assertThat(baseline.score(later)).isZero();
        baseline.add(1_000, later);
        assertThat(baseline.score(later)).isGreaterThan(0.9);
    }

    @Test
    void clockThatIsSetBackChangesNothing() {
        Baseline baseline = learned(10, 100);
        baseline.add(5, 99 * WINDOW);
        baseline.add(5, 0);
        assertThat(baseline.score(0)).isZero();
    }

    @Test
    void fewFailuresAreABadLine() {
        FailureRate rate = new FailureRate();
        for (int i = 0; i < 5; i++) {
            rate.failed(0);
        }
        assertThat(rate.score(0)).isZero();
        for (int i = 0; i < 30; i++) {
            rate.failed(0);
        }
        assertThat(rate.score(0)).isCloseTo(0.95, within(0.001));
        // After a minute half of 35 is left.
        assertThat(rate.score(60_000)).isCloseTo(1 - Math.exp(-12.5 / 10), within(1e-9));
        assertThat(rate.score(600_000)).isZero();
    }

    @Test
    void newRegionOfASettledClientDriftsAndFades() {
        RegionDrift drift = new RegionDrift();
        drift.seen("de", 0);
        drift.seen("fr", 1_000);
        assertThat(drift.score(1_000)).isZero();
        long settled = RegionDrift.SETTLED_MILLIS;
        drift.seen("de", settled);
        drift.seen("", settled);
        assertThat(drift.score(settled)).isZero();
        drift.seen("kp", settled);
        assertThat(drift.score(settled)).isCloseTo(0.6, within(1e-9));
        drift.seen("kp", settled);
        assertThat(drift.score(settled)).isCloseTo(0.6, within(1e-9));
        drift.seen("ru", settled);
        assertThat(drift.score(settled)).isCloseTo(0.84, within(1e-9));
        assertThat(drift.score(settled + 900_000)).isCloseTo(0.42, within(1e-9));
    }

    @Test
    void regionUnseenForAWeekIsNewAgain() {
        RegionDrift drift = new RegionDrift();
        drift.seen("de", 0);
        drift.seen("fr", 1);
        long week = 7L * 86_400_000;
        drift.seen("fr", week);
        assertThat(drift.score(week)).isZero();
        drift.seen("de", week + 1);
        assertThat(drift.score(week + 1)).isCloseTo(0.6, within(1e-9));
    }

    private static Baseline learned(double amount, int windows) {
        Baseline baseline = new Baseline(5);
        for (int window = 0; window < windows; window++) {
            baseline.add(amount, window * WINDOW);
        }
        return baseline;
    }
}
