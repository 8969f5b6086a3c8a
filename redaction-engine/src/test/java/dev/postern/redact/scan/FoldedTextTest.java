package dev.postern.redact.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class FoldedTextTest {
    @Test
    void plainTextIsItself() {
        FoldedText folded = FoldedText.of("Grüße, 世界 😀");
        assertThat(folded.text()).isEqualTo("Grüße, 世界 😀");
        assertThat(folded.start(3)).isEqualTo(3);
        assertThat(folded.end(12)).isEqualTo(12);
    }

    @Test
    void disguisesAreFoldedAndOffsetsLeadBack() {
        String given = "a\u200B１\u202E２\uFF20b\u00AD\u2011\u00A0\uFEFF٣";
        FoldedText folded = FoldedText.of(given);
        assertThat(folded.text()).isEqualTo("a12@b- 3");
        assertThat(folded.start(1)).isEqualTo(2);
        assertThat(folded.end(3)).isEqualTo(5);
        assertThat(folded.end(8)).isEqualTo(given.length());
        // What was left out after a value is not part of it.
        assertThat(folded.end(5)).isEqualTo(7);
    }

    @Test
    void digitsBeyondTheFirstPlaneKeepBothUnits() {
        String given = "x\uD835\uDFCE\uD835\uDFCFy";
        FoldedText folded = FoldedText.of(given);
        assertThat(folded.text()).isEqualTo("x01y");
        assertThat(folded.start(2)).isEqualTo(3);
        assertThat(folded.end(3)).isEqualTo(5);
    }

    @Test
    void loneSurrogatesAndNulsStay() {
        String given = "\uD800\u200B1\u0000\uDC00";
        assertThat(FoldedText.of(given).text()).isEqualTo("\uD8001\u0000\uDC00");
        assertThat(FoldedText.of(given).end(4)).isEqualTo(given.length());
    }

    @Test
    void offsetsOfAnyTextAreInOrderAndInsideIt() {
        Random random = new Random(11);
        char[] alphabet = "a1 \u200B\uFF11\uD835\uDFCE\u00AD-\uD800\u202Eé".toCharArray();
        for (int run = 0; run < 2_000; run++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                text.append(alphabet[random.nextInt(alphabet.length)]);
            }
            FoldedText folded = FoldedText.of(text.toString());
            for (int i = 0; i < folded.text().length(); i++) {
                assertThat(folded.start(i)).isBetween(0, text.length() - 1);
                assertThat(folded.end(i + 1)).isGreaterThan(folded.start(i)).isLessThanOrEqualTo(text.length());
            }
        }
    }
}
