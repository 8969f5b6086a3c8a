package dev.postern.redact.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.pack.PatternShape;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.RulePackReader;
import dev.postern.redact.pack.Trigger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlaceAutomatonTest {
    @Test
    void patternsAreToldApartByTheirNextCharacters() {
        PlaceAutomaton automaton = new PlaceAutomaton(
                List.of(PatternShape.of("ab\\d{2}"), PatternShape.of("(?i)AB[c-e]?"), PatternShape.of("[^a]x{0,90}y")));
        assertThat(automaton.at("ab12", 0)).containsExactly(0, 1);
        assertThat(automaton.at("aBcd", 0)).containsExactly(1);
        assertThat(automaton.at("ab1", 0)).containsExactly(1);
        assertThat(automaton.at("bxxxy", 0)).containsExactly(2);
        assertThat(automaton.at("b" + "x".repeat(30), 0)).containsExactly(2);
        assertThat(automaton.at("axy", 0)).isEmpty();
    }

    /// As it is for patterns.
    @Test
    void characterOfTwoHalvesIsOne() {
        PlaceAutomaton automaton = new PlaceAutomaton(List.of(PatternShape.of("[^0-9]{2}x"), PatternShape.of("..y")));
        assertThat(automaton.at("\uD83D\uDE00ax", 0)).containsExactly(0);
        assertThat(automaton.at("\uD83D\uDE00x", 0)).isEmpty();
        assertThat(automaton.at("\uDE00ay", 0)).containsExactly(1);
    }

    /// Random text takes nothing but time, and not for good.
    @Test
    void fullProspectLetsTriesPassAndBeginsAnew() {
        // Which of the last ten characters were an "a" is a state each.
        Prospect prospect = new Prospect(PatternShape.of("[ab]{0,20}a[ab]{9}c"), Effort.UNLIMITED);
        String none = "xa";
        assertThat(prospect.mayMatch(none, 0, false)).isFalse();
        Random random = new Random(5);
        int tries = 0;
        for (; tries < 100_000 && !prospect.mayMatch(none, 0, false); tries++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                text.append(random.nextBoolean() ? 'a' : 'b');
            }
            boolean _ = prospect.mayMatch(text, 0, false);
        }
        assertThat(tries).isLessThan(100_000);
        int passed = 0;
        while (passed < 100_000 && prospect.mayMatch(none, 0, false)) {
            passed++;
        }
        assertThat(passed).isBetween(30_000, 40_000);
    }

    @Test
    void threadsThatBuildItTogetherSeeWhatOneSees() throws Exception {
        List<PatternShape> shapes =
                RuleIndex.of(RulePackReader.standard().rules()).shapes();
        PlaceAutomaton alone = new PlaceAutomaton(shapes);
        PlaceAutomaton together = new PlaceAutomaton(shapes);
        List<String> texts = BothScanners.EXAMPLES;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<List<int[]>>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(
                        () -> texts.stream().map(text -> together.at(text, 0)).toList()));
            }
            for (Future<List<int[]>> each : all) {
                List<int[]> seen = each.get();
                for (int i = 0; i < texts.size(); i++) {
                    assertThat(seen.get(i)).isEqualTo(alone.at(texts.get(i), 0));
                }
            }
        }
    }

    @Test
    void rulesAreRuledOutByWhatIsBeyondTheFirstCharacters() {
        RuleIndex index = RuleIndex.of(RulePackReader.standard().rules());
        int email = IntStream.range(0, index.rules().size())
                .filter(number -> index.rule(number).id().equals("email"))
                .findFirst()
                .orElseThrow();
        Prospect prospect = index.prospect(email);
        assertThat(prospect.mayMatch("a.committee.of.members@example.org", 0, false))
                .isTrue();
        assertThat(prospect.mayMatch("a.committee.of.members met", 0, true)).isFalse();
        assertThat(prospect.mayMatch("a.committee.of.members", 0, false)).isFalse();
        // More may follow.
        assertThat(prospect.mayMatch("a.committee.of.members", 0, true)).isTrue();
    }

    /// Not even where the automaton has not read on: what it named there would depend on what it has seen before.
    @Test
    void ruleThatALiteralTriggersIsNeverNamed() {
        RuleIndex index = RuleIndex.of(RulePackReader.standard().rules());
        assertThat(Arrays.stream(new PlaceAutomaton(index.shapes()).at("", 0, true))
                        .boxed())
                .isNotEmpty()
                .noneMatch(item -> index.isRule(item) && index.rules().get(item).trigger() instanceof Trigger.Literal);
    }

    @Test
    void answersAreExactAgainOnceItHasBegunAnew() {
        List<PatternShape> shapes =
                RuleIndex.of(RulePackReader.standard().rules()).shapes();
        PlaceAutomaton large = new PlaceAutomaton(shapes);
        PlaceAutomaton small = new PlaceAutomaton(shapes, PlaceAutomaton.DEPTH, 40, Integer.MAX_VALUE, 1_000);
        PlaceAutomaton always = new PlaceAutomaton(shapes, PlaceAutomaton.DEPTH, 40, Integer.MAX_VALUE, 1);
        int inexact = 0;
        for (String example : BothScanners.EXAMPLES) {
            for (int place = 0; place < Math.min(5, example.length()); place++) {
                int[] exact = large.at(example, place);
                if (place == 0) {
                    // Beginning anew is slow.
                    assertThat(always.at(example, place)).isEqualTo(exact);
                }
                // Whatever may begin is named, and more.
                int[] named = small.at(example, place);
                assertThat(Arrays.stream(exact).filter(item -> Arrays.binarySearch(named, item) < 0))
                        .isEmpty();
                inexact += named.length > exact.length ? 1 : 0;
            }
        }
        assertThat(inexact).isGreaterThan(1_000);
        String text = "Kx7.q";
        for (int i = 0; i < 2_000 && small.at(text, 0).length > large.at(text, 0).length; i++) {
            inexact++;
        }
        assertThat(small.at(text, 0)).isEqualTo(large.at(text, 0));
    }

    /// What makes spans of another scanner equal to ours: no place is left out where a rule matches.
    @Test
    void noRuleIsLeftOutWhereItMatches() {
        RuleIndex index = RuleIndex.of(RulePackReader.standard().rules());
        List<Rule> rules = index.rules();
        PlaceAutomaton automaton =
                new PlaceAutomaton(rules.stream().map(Rule::shape).toList());
        List<String> texts = new ArrayList<>();
        rules.forEach(rule -> texts.addAll(rule.examples()));
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            StringBuilder mixed = new StringBuilder(texts.get(random.nextInt(texts.size())));
            mixed.setCharAt(random.nextInt(mixed.length()), "0aA-. é/여".charAt(random.nextInt(9)));
            texts.add(mixed.toString());
            texts.add(
                    mixed.insert(random.nextInt(mixed.length()), "\uD835\uDC00").toString());
        }
        for (String text : texts) {
            List<Matcher> matchers = rules.stream()
                    .map(rule -> rule.pattern().matcher(text).useTransparentBounds(true))
                    .toList();
            for (int place = 0; place < text.length(); place++) {
                int[] named = automaton.at(text, place);
                for (int rule = 0; rule < rules.size(); rule++) {
                    if (matchers.get(rule).region(place, text.length()).lookingAt()) {
                        String where = rules.get(rule).id() + " in " + text + " at " + place;
                        assertThat(Arrays.binarySearch(named, rule)).as(where).isNotNegative();
                        assertThat(index.prospect(rule).mayMatch(text, place, false))
                                .as(where)
                                .isTrue();
                    }
                }
            }
        }
    }
}
