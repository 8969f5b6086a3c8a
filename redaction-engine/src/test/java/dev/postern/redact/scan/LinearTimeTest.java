package dev.postern.redact.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.RulePackReader;
import dev.postern.redact.pack.Trigger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Counts the characters that patterns look at, which no noisy machine can disturb: four times the text must not cost
/// more than five times the looks.
final class LinearTimeTest {
    static final List<String> PATHOLOGICAL = List.of(
            "a",
            "1",
            "A",
            "aA",
            "a1",
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
            "1:",
            "0a:",
            "://",
            "a://b:",
            "http://a",
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
            "password",
            "token: ",
            "key=a",
            "token_",
            "AB12",
            "AB12 ",
            "1 Ab ",
            "-----BEGIN PRIVATE KEY-----",
            "SG.",
            "hvs.",
            "é",
            "ß",
            "😀",
            "여",
            "\uD800",
            "\u0000",
            "a_",
            "--password ",
            "May ");

    @TestFactory
    Stream<DynamicTest> everyRuleOnEveryPathologicalText() {
        return RulePackReader.standard().rules().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.id(), () -> {
                    for (String unit : PATHOLOGICAL) {
                        long small = looks(rule, unit.repeat(2_000 / unit.length()));
                        if (small <= 2 * 2_000) {
                            continue; // about one look at each place, which no longer text makes more
                        }
                        long large = looks(rule, unit.repeat(8_000 / unit.length()));
                        assertThat(large).as("looks at \"%s\"…", unit).isLessThan(5 * small + 1_000);
                        assertThat(large).as("looks at \"%s\"…", unit).isLessThan(8_000L * 2_000);
                    }
                }));
    }

    /// The worst case: every place is proposed, and every match is rejected.
    private static long looks(Rule rule, String text) {
        CountedText counted = new CountedText(text);
        Matcher matcher = rule.pattern().matcher(counted);
        matcher.useTransparentBounds(true);
        List<String> literals = rule.trigger() instanceof Trigger.Literal literal ? literal.literals() : List.of("");
        boolean mayBegin = literals.stream().anyMatch(text.toLowerCase(java.util.Locale.ROOT)::contains);
        for (int place = 0; place < text.length() && mayBegin; place++) {
            if (Places.begins(text, place)
                    && matcher.region(place, text.length()).lookingAt()
                    && rule.skipsRejected()) {
                place = Math.max(place, matcher.end() - 1);
            }
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
