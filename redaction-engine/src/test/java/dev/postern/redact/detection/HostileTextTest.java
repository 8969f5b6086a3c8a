package dev.postern.redact.detection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.entity.Span;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Texts that nobody writes by mistake.
final class HostileTextTest {
    private static final Detection DETECTION = Detection.standard();

    @Test
    void disguisedValuesAreFoundWhereTheyStand() {
        assertFound("card ４１１１ １１１１ １１１１ １１１１.", "４１１１ １１１１ １１１１ １１１１");
        assertFound("card 4\u200B111\u2060 1111 1111 1111.", "4\u200B111\u2060 1111 1111 1111");
        assertFound("mail jane\u00AD@exam\u200Bple.org now", "jane\u00AD@exam\u200Bple.org");
        assertFound("mail \u202Ejane＠example．org", "jane＠example．org");
        assertFound("SSN 536\u201190\u20114399", "536\u201190\u20114399");
    }

    private static void assertFound(String text, String value) {
        assertThat(DETECTION.detect(text, ""))
                .as(text)
                .hasSize(1)
                .first()
                .satisfies(span ->
                        assertThat(text.substring(span.start(), span.end())).isEqualTo(value));
    }

    @Test
    void brokenCharactersChangeNothingAround() {
        String text = "\uD800\uDC00\uD800 jane@example.org \uDFFF\u0000 4111 1111 1111 1111\uD800";
        assertThat(DETECTION.detect(text, "").stream().map(span -> text.substring(span.start(), span.end())))
                .containsExactly("jane@example.org", "4111 1111 1111 1111");
    }

    @Test
    void spansOfAnyTextAreInsideItAndInOrder() {
        Random random = new Random(17);
        String[] parts = {
            "a@b.example",
            "4111 1111 1111 1111",
            "\uD800",
            "😀",
            "\u200B",
            " ",
            "password=",
            "x",
            "192.0.2.1",
            "::",
            "/",
            "１",
            "+49 30 901820",
            "-",
            "\n",
            "DE89370400440532013000",
            "여권",
            ".",
            "2024-05-06",
            "eyJ",
            "\u0000"
        };
        for (int run = 0; run < 500; run++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            for (List<Span> spans :
                    List.of(DETECTION.detect(text.toString(), ""), DETECTION.analyze(text.toString(), ""))) {
                int at = 0;
                for (Span span : spans) {
                    assertThat(span.start()).isGreaterThanOrEqualTo(at);
                    assertThat(span.end()).isLessThanOrEqualTo(text.length());
                    at = span.start();
                }
            }
        }
    }

    /// Base64 of a picture, a table of numbers, a log: each would take minutes if any rule were quadratic.
    @Test
    void longTextsOfOneKindEnd() {
        for (String unit : List.of("aB1/", "1", "a.", "12-", "a1_", "123456789 ", "0a:", "(1")) {
            assertThat(DETECTION.analyze(unit.repeat(300_000 / unit.length()), ""))
                    .isNotNull();
        }
    }
}
