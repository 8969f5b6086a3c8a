package dev.postern.redact.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.pack.PatternShape;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.Trigger;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The native scanner leaves out no place where a rule matches: of texts that are made from the rules' own patterns, so
/// that every way through them comes up, and beginnings of any length.
final class OpeningsTest {
    private static final String[] NEIGHBOURS = {"", " ", "x", "X", "7", "_", ".", "-", "é", "여", "\n", "(", ": "};
    private static final String BEYOND_ASCII = "éßЖ여\u00AD";

    private final Random random = new Random(31);

    @Test
    void noPlaceWhereARuleMatchesIsLeftOut() {
        List<Rule> rules = BothScanners.RULES;
        int matched = 0;
        for (int number = 0; number < rules.size(); number++) {
            Rule rule = rules.get(number);
            if (rule.trigger() instanceof Trigger.Start) {
                for (int run = 0; run < 30; run++) {
                    String before = NEIGHBOURS[random.nextInt(NEIGHBOURS.length)];
                    String text = before + sample(rule.shape()) + NEIGHBOURS[random.nextInt(NEIGHBOURS.length)];
                    matched += assertFound(number, rule, text, before.length());
                }
            }
        }
        assertThat(matched).isGreaterThan(2_000);
    }

    private static int assertFound(int number, Rule rule, String text, int place) {
        if (!Places.begins(text, place) || !BothScanners.matches(rule, text, place)) {
            return 0;
        }
        Candidates candidates = new Candidates(BothScanners.unlimited());
        BothScanners.NATIVE.scan(text, candidates);
        assertThat(IntStream.range(0, candidates.count())
                        .anyMatch(i -> candidates.rule(i) == number && candidates.place(i) == place))
                .as("%s at %d of %s", rule.id(), place, text)
                .isTrue();
        return 1;
    }

    private String sample(PatternShape shape) {
        return switch (shape) {
            case PatternShape.One one -> character(one);
            case PatternShape.All all -> {
                StringBuilder sample = new StringBuilder();
                all.parts().forEach(part -> sample.append(sample(part)));
                yield sample.toString();
            }
            case PatternShape.Either either ->
                sample(either.options().get(random.nextInt(either.options().size())));
            case PatternShape.Times times -> {
                StringBuilder sample = new StringBuilder();
                int most = Math.min(times.most(), times.least() + (random.nextInt(4) == 0 ? 40 : 3));
                for (int i = times.least() + random.nextInt(most - times.least() + 1); i > 0; i--) {
                    sample.append(sample(times.part()));
                }
                yield sample.toString();
            }
        };
    }

    private String character(PatternShape.One one) {
        if (one.other() && (random.nextInt(8) == 0 || one.inAscii() == 0)) {
            return String.valueOf(BEYOND_ASCII.charAt(random.nextInt(BEYOND_ASCII.length())));
        }
        int[] taken = IntStream.range(0, 128).filter(c -> one.takes((char) c)).toArray();
        return String.valueOf((char) taken[random.nextInt(taken.length)]);
    }
}
