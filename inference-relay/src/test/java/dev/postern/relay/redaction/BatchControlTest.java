package dev.postern.relay.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.relay.redaction.BatchControl.Change;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The law of [BatchControl], line by line.
class BatchControlTest {
    private static final Duration TARGET = Duration.ofMillis(20);
    private static final long QUICK = Duration.ofMillis(1).toNanos();
    private static final long LATE = TARGET.plusNanos(1).toNanos();

    private final BatchControl control = new BatchControl(1, 64, TARGET);
    private long now = 5;

    /// One interval of `batches` batches of `items`, of which `late` take too long.
    private Change interval(int batches, int items, int waiting, int late) {
        long pause = BatchControl.INTERVAL.toNanos() / batches + 1;
        Change change = Change.NONE;
        for (int i = 0; i <= batches && change == Change.NONE; i++) {
            control.sent(items, waiting);
            change = control.answered(items, i < late ? LATE : QUICK, now);
            now += pause;
        }
        return change;
    }

    private void growTo(int limit) {
        while (control.limit() < limit) {
            assertThat(interval(10, control.limit(), 1000, 0)).isEqualTo(Change.GREW);
        }
    }

    @Test
    void itBeginsWithTheLeast() {
        assertThat(control.limit()).isEqualTo(1);
        assertThat(new BatchControl(8, 64, TARGET).limit()).isEqualTo(8);
    }

    @Test
    void depthOverTheLimitGrowsItToTheMost() {
        growTo(64);
        assertThat(interval(10, 64, 1000, 0)).isEqualTo(Change.NONE);
        assertThat(control.limit()).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource({
        "29, 30, 0, GREW, full and more than another full one waits",
        "29, 29, 0, NONE, no more than another full one waits",
        "28, 30, 0, NONE, not full: bytes or nobody held it back",
        "15, 0, 0, NONE, more than half full",
        "14, 0, 0, RELAXED, not more than half full",
        "29, 30, 2, SHRANK, two late of eleven whatever waits",
        "29, 30, 1, GREW, a single late one is an accident",
        "14, 30, 11, RELAXED, small batches say nothing about the limit",
    })
    void oneInterval(int items, int waiting, int late, Change expected, String why) {
        growTo(29);
        assertThat(interval(10, items, waiting, late)).as(why).isEqualTo(expected);
    }

    @Test
    void moreThanOneInAHundredIsTooMany() {
        growTo(29);
        assertThat(interval(400, 29, 0, 3)).isEqualTo(Change.NONE);
        assertThat(interval(400, 29, 0, 6)).isEqualTo(Change.SHRANK);
        assertThat(control.limit()).as("a quarter less").isEqualTo(21);
    }

    @Test
    void itShrinksToTheLeastAndNoFurther() {
        growTo(64);
        for (int i = 0; i < 40; i++) {
            var _ = interval(4, control.limit(), 1000, 4);
        }
        assertThat(control.limit()).isEqualTo(1);
    }

    @Test
    void nothingIsDecidedBeforeTheIntervalIsOverOrByTooFewBatches() {
        control.sent(1, 1000);
        assertThat(control.answered(1, QUICK, now)).isEqualTo(Change.NONE);
        now += 10 * BatchControl.INTERVAL.toNanos();
        for (int i = 2; i < BatchControl.FEWEST; i++) {
            control.sent(1, 1000);
            assertThat(control.answered(1, QUICK, now)).isEqualTo(Change.NONE);
        }
        control.sent(1, 1000);
        assertThat(control.answered(1, QUICK, now)).isEqualTo(Change.GREW);
        for (int i = 0; i < 100; i++) {
            control.sent(5, 1000);
            assertThat(control.answered(5, QUICK, now + i)).isEqualTo(Change.NONE);
        }
    }

    @Test
    void aLimitThatTookTooLongIsNotTriedAgainForAWhileAndThenForTwiceAsLong() {
        growTo(29);
        assertThat(intervalsUntilWhatTookTooLongIsTriedAgain())
                .isBetween(BatchControl.SHORTEST_MEMORY - 2, BatchControl.SHORTEST_MEMORY + 2);
        assertThat(intervalsUntilWhatTookTooLongIsTriedAgain())
                .isBetween(2 * BatchControl.SHORTEST_MEMORY - 2, 2 * BatchControl.SHORTEST_MEMORY + 2);
        for (int i = 0; i < 10; i++) {
            assertThat(intervalsUntilWhatTookTooLongIsTriedAgain())
                    .isLessThanOrEqualTo(BatchControl.LONGEST_MEMORY + 2);
        }
        assertThat(intervalsUntilWhatTookTooLongIsTriedAgain()).isGreaterThan(BatchControl.LONGEST_MEMORY / 2);

        var inTime = interval(10, control.limit(), 1000, 0);
        assertThat(inTime).isNotEqualTo(Change.SHRANK);

        assertThat(intervalsUntilWhatTookTooLongIsTriedAgain())
                .as("what was learnt before does not count any more")
                .isLessThanOrEqualTo(BatchControl.SHORTEST_MEMORY + 2);
    }

    private int intervalsUntilWhatTookTooLongIsTriedAgain() {
        int tooMuch = control.limit();
        assertThat(interval(10, tooMuch, 1000, 10)).isEqualTo(Change.SHRANK);
        int intervals = 0;
        while (control.limit() < tooMuch) {
            var _ = interval(10, control.limit(), 1000, 0);
            intervals++;
        }
        return intervals;
    }

    @Test
    void leastAndMostAlikeTurnItOff() {
        BatchControl fixed = new BatchControl(8, 8, TARGET);
        for (int i = 0; i < 1000; i++) {
            fixed.sent(8, 1000);
            assertThat(fixed.answered(8, i % 2 == 0 ? LATE : QUICK, i * QUICK)).isEqualTo(Change.NONE);
        }
        assertThat(fixed.limit()).isEqualTo(8);
    }
}
