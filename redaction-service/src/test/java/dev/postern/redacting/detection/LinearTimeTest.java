package dev.postern.redacting.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Counts the characters that patterns look at, which no noisy machine can disturb: four times the text must not cost
/// more than five times the looks.
final class LinearTimeTest {
    private static final List<String> PATHOLOGICAL = List.of(
            "a",
            "1",
            "A",
            ".",
            "-",
            "1 ",
            "12-",
            "a.",
            "a@",
            "a@a.",
            "0 1 2-",
            "+1 ",
            "(1",
            "::",
            "a:",
            "1.1.",
            "://",
            "a://b:",
            "sk-",
            "sk-a-",
            "eyJ",
            "eyJaaaaaaaa.",
            "AKIA",
            "ghp_",
            "xoxb-",
            "bearer ",
            "password is ",
            "password=",
            "token: ",
            "key=a",
            "AB12",
            "AB12 ",
            "-----BEGIN PRIVATE KEY-----",
            "SG.",
            "hvs.",
            "é",
            "😀");

    @TestFactory
    Stream<DynamicTest> everyRuleOnEveryPathologicalText() {
        return Detection.standard().pack().rules().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.id(), () -> {
                    for (String unit : PATHOLOGICAL) {
                        long small = looks(rule, unit.repeat(4_000 / unit.length()));
                        long large = looks(rule, unit.repeat(16_000 / unit.length()));
                        assertThat(large).as("looks at \"%s\"…", unit).isLessThan(5 * small + 1_000);
                        assertThat(large).as("looks at \"%s\"…", unit).isLessThan(16_000L * 1_500);
                    }
                }));
    }

    private static long looks(Rule rule, String text) {
        CountedText counted = new CountedText(text);
        Matcher matcher = rule.pattern().matcher(counted);
        int from = 0;
        // The worst case of the detector: every match is rejected.
        while (from < text.length() && matcher.find(from)) {
            from = rule.skipsRejected() ? matcher.end() : matcher.start() + 1;
        }
        return counted.looks;
    }

    private static final class CountedText implements CharSequence {
        private final String text;
        private long looks;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            looks++;
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
