package dev.postern.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplayWindowTest {
    @ParameterizedTest
    @ValueSource(ints = {64, 128, 1024, 8192})
    void agreesWithAPlainSetOverRandomWalks(int bits) {
        Random random = new Random(bits);
        for (int walk = 0; walk < 20; walk++) {
            ReplayWindow window = new ReplayWindow(bits);
            Set<Long> seen = new HashSet<>();
            long highest = -1;
            for (int step = 0; step < 5_000; step++) {
                long seq = Math.max(0, highest + jump(random, bits));
                ReplayWindow.Verdict expected = highest - seq >= bits
                        ? ReplayWindow.Verdict.TOO_OLD
                        : seen.contains(seq) ? ReplayWindow.Verdict.DUPLICATE : ReplayWindow.Verdict.FRESH;
                assertThat(window.peek(seq)).isEqualTo(expected);
                if (expected == ReplayWindow.Verdict.FRESH && random.nextInt(4) != 0) {
                    window.mark(seq);
                    seen.add(seq);
                    highest = Math.max(highest, seq);
                }
            }
            assertThat(window.highest()).isEqualTo(highest);
        }
    }

    private static long jump(Random random, int bits) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextLong(-2L * bits, 1);
            case 1 -> random.nextLong(bits - 1L, bits + 66L);
            case 2 -> random.nextLong(0, 4L * bits);
            default -> random.nextLong(-70, 4);
        };
    }

    @Test
    void theEdgesOfTheWindow() {
        ReplayWindow window = new ReplayWindow(64);
        window.mark(100);
        assertThat(window.peek(37)).isEqualTo(ReplayWindow.Verdict.FRESH);
        assertThat(window.peek(36)).isEqualTo(ReplayWindow.Verdict.TOO_OLD);
        assertThat(window.peek(FrameHeader.MAX_SEQ)).isEqualTo(ReplayWindow.Verdict.FRESH);
        window.mark(FrameHeader.MAX_SEQ);
        assertThat(window.peek(100)).isEqualTo(ReplayWindow.Verdict.TOO_OLD);
        assertThat(window.peek(FrameHeader.MAX_SEQ)).isEqualTo(ReplayWindow.Verdict.DUPLICATE);
    }

    @Test
    void peekingMarksNothing() {
        ReplayWindow window = new ReplayWindow(1024);
        assertThat(window.peek(5)).isEqualTo(ReplayWindow.Verdict.FRESH);
        assertThat(window.peek(5)).isEqualTo(ReplayWindow.Verdict.FRESH);
        assertThat(window.highest()).isEqualTo(-1);
    }

    @Test
    void onlyFreshNumbersAreMarked() {
        ReplayWindow window = new ReplayWindow(64);
        window.mark(0);
        assertThatThrownBy(() -> window.mark(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> window.peek(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 63, 65, 8256, -64})
    void otherSizesAreRefused(int bits) {
        assertThatThrownBy(() -> new ReplayWindow(bits)).isInstanceOf(IllegalArgumentException.class);
    }
}
