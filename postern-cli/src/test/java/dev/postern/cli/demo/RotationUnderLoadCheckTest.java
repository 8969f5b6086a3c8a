package dev.postern.cli.demo;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.bench.Latencies;
import dev.postern.cli.bench.OpenLoop;
import dev.postern.cli.demo.RotationUnderLoadCheck.Seen;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RotationUnderLoadCheckTest {
    private static final OpenLoop.Answers GOOD = answers(4000, 0, 0);

    @Test
    void loadWhenEverythingWasServedThenIsGood() {
        assertThatCode(() -> new Seen(GOOD, GOOD, GOOD, 0).require()).doesNotThrowAnyException();
    }

    @Test
    void loadWhenALiveTokenWasRefusedThenIsRed() {
        assertThatThrownBy(() -> new Seen(GOOD, GOOD, answers(7999, 1, 0), 0).require())
                .isInstanceOf(CheckFailed.class)
                .hasMessageContaining("401");
    }

    @Test
    void loadWhenARequestFailedThenIsRed() {
        assertThatThrownBy(() -> new Seen(GOOD, GOOD, answers(7999, 0, 1), 0).require())
                .isInstanceOf(CheckFailed.class)
                .hasMessageContaining("1 requests failed");
    }

    @Test
    void loadWhenAChatOrATokenFailedThenIsRed() {
        assertThatThrownBy(() -> new Seen(GOOD, GOOD, GOOD, 1).require())
                .isInstanceOf(CheckFailed.class)
                .hasMessageContaining("1 requests failed");
    }

    @Test
    void loadWhenHardlyAnythingWasAskedThenIsRed() {
        assertThatThrownBy(() -> new Seen(GOOD, answers(390, 0, 0), GOOD, 0).require())
                .isInstanceOf(CheckFailed.class)
                .hasMessageContaining("no load");
    }

    /// Of four seconds.
    private static OpenLoop.Answers answers(int served, int rejected, int failed) {
        Latencies latencies = new Latencies();
        for (int i = 0; i < served; i++) {
            latencies.add(1000);
        }
        return new OpenLoop.Answers(latencies, rejected, failed, Duration.ofSeconds(4));
    }
}
