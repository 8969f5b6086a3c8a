package dev.postern.redact.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.postern.redact.scan.ScannedText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NameClassifierTest {
    private static final NameClassifier CLASSIFIER = new NameClassifier(NameModel.standard());

    @Test
    void longTextOfCapitalisedNamesIsFoundWhereverSentencesAreCut() {
        String text = "Anna Kowalska, John Smith, Maria Garcia, ".repeat(40);
        assertThat(people(text)).hasSize(120).allMatch(name -> name.matches("[A-Z][a-z]+ [A-Z][a-z]+"));
    }

    @Test
    void nothingAfterTheSentenceChangesIt() {
        String sentence = "My name is Anna Kowalska and I work here.";
        assertThat(people(sentence + " Then John Smith came. ")).startsWith("Anna Kowalska");
        assertThat(people(sentence)).containsExactly("Anna Kowalska");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "O'", "1,", "A", "Anna ", "anna", "A.", "Dr. ", "a-", "\uD800", "\uDFFF", "e\u0301", "_", "John\n",
                "1a", "\u0000", "𝒜", ". "
            })
    void timeIsLinear(String unit) {
        String text = unit.repeat(1_000_000 / unit.length());
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> people(text));
    }

    @Test
    void namesOfAnyTextAreInsideItAndInOrder() {
        Random random = new Random(11);
        String[] parts = {
            "Anna",
            "Kowalska",
            " ",
            "\n\n",
            ".",
            "\uD800",
            "'s",
            "’",
            "-",
            "Dr.",
            "1",
            "_",
            "@",
            "ß",
            "\uD835\uDC9C",
            ",",
            "mary",
            "\t",
            "Ltd",
            "é"
        };
        for (int run = 0; run < 2_000; run++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(150); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            int[] end = {0};
            CLASSIFIER.find(ScannedText.of(text.toString(), "", ""), (from, to, _, likely) -> {
                assertThat(from).isGreaterThanOrEqualTo(end[0]);
                assertThat(to).isGreaterThan(from).isLessThanOrEqualTo(text.length());
                assertThat(likely).isBetween(0.0, 1.000001);
                end[0] = to;
            });
        }
    }

    private static List<String> people(String text) {
        List<String> found = new ArrayList<>();
        ScannedText scanned = ScannedText.of(text, "", "");
        CLASSIFIER.find(scanned, (from, to, kind, _) -> {
            if (kind == NameKind.PERSON) {
                found.add(scanned.text().substring(from, to));
            }
        });
        return found;
    }
}
