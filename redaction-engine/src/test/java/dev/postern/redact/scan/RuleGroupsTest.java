package dev.postern.redact.scan;

import static dev.postern.redact.scan.BothScanners.EXAMPLES;
import static dev.postern.redact.scan.BothScanners.RULES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.Trigger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Rules in two groups find what they find in one: the built-in ones, those of every second entity as if they were a
/// tenant's own.
final class RuleGroupsTest {
    private static final String PROSE =
            "Please ask Jane whether order 4711 was paid. The manager said on Tuesday that the "
                    + "passport and the tax card were lost; call +49 30 123456 or write to desk@example.org, IP 203.0.113.7. ";

    private static final RuleScanner ONE = RuleScanner.portable(RULES, 0.5);
    private static final RuleScanner TWO =
            RuleScanner.portable(everySecond(0), 0.5).with(everySecond(1), Effort.UNLIMITED);

    private static List<Rule> everySecond(int first) {
        List<Entity> entities = RULES.stream().map(Rule::entity).distinct().toList();
        return RULES.stream()
                .filter(rule -> entities.indexOf(rule.entity()) % 2 == first)
                .toList();
    }

    @Test
    void promptsAndAnalysesComeToTheSame() {
        for (String example : EXAMPLES) {
            for (String text : List.of(example, PROSE + example + " " + PROSE)) {
                for (String key : List.of("", "tax id")) {
                    ScannedText scanned = ScannedText.of(text, key, "");
                    assertThat(resolved(TWO.scan(scanned, RuleScanner.Surroundings.ARE_KNOWN, _ -> true)))
                            .as(text)
                            .isEqualTo(resolved(ONE.scan(scanned, RuleScanner.Surroundings.ARE_KNOWN, _ -> true)));
                    assertThat(Alternatives.resolve(
                                    TWO.scan(scanned, RuleScanner.Surroundings.MAY_BE_ABSENT, _ -> true)))
                            .as(text)
                            .isEqualTo(Alternatives.resolve(
                                    ONE.scan(scanned, RuleScanner.Surroundings.MAY_BE_ABSENT, _ -> true)));
                }
            }
        }
    }

    /// Given out is what is settled; held is what may change.
    @Test
    void growingTextsSettleOnTheSame() {
        GrowingScanner two = TWO.growing(_ -> true);
        for (String example : EXAMPLES) {
            String text = example.length() > 300 ? example.substring(0, 300) : example;
            List<Span> whole = ONE.scan(ScannedText.of(text, "", ""), RuleScanner.Surroundings.ARE_KNOWN, _ -> true);
            for (int cut = 0; cut <= text.length(); cut += 7) {
                Look look = two.scope("", 0.5, _ -> true)
                        .look(ScannedText.of(text.substring(0, cut), "", ""), 0, two.nothingYet(), false);
                int settled = look.settled();
                assertThat(resolved(look.before(settled)))
                        .as("%s cut at %d", text, cut)
                        .isEqualTo(resolved(whole.stream()
                                .filter(span -> span.end() <= settled)
                                .toList()));
                assertThat(whole).noneMatch(span -> span.start() < settled && span.end() > settled);
            }
        }
    }

    @Test
    void groupsAreSharedByAllWhoWantTheSame() {
        GrowingScanner all = TWO.growing(_ -> true);
        assertThat(TWO.growing(entity -> !entity.name().isEmpty()).groups()).isEqualTo(all.groups());
        assertThat(TWO.growing(entity -> entity.name().equals("EMAIL")).groups())
                .doesNotContainAnyElementsOf(all.groups());
        GrowingScanner others = RuleScanner.limited(everySecond(1), 0.5).growing(_ -> true);
        GrowingScanner more = TWO.with(everySecond(1)).growing(_ -> true);
        assertThat(more.groups()).hasSize(3).startsWith(all.groups().toArray(GrowingGroup[]::new));
        assertThat(others.groups()).doesNotContainAnyElementsOf(all.groups());
    }

    /// All rules that need no literal, each about as costly as any: ordinary texts must be far from the bound.
    @Test
    void ordinaryTextsTakeAFractionOfWhatIsAllowed() {
        List<Rule> rules = RULES.stream()
                .filter(rule -> rule.trigger() instanceof Trigger.Start)
                .toList();
        RuleIndex index = RuleIndex.of(rules, Effort.LIMITED);
        RuleGroup group = new RuleGroup(index, new PortableScanner(index));
        String text = PROSE.repeat(20);
        RuleGroup.Found found =
                group.find(ScannedText.of(text, "", ""), RuleScanner.Surroundings.ARE_KNOWN, _ -> true, 0.5, _ -> true);
        assertThat(rules).hasSizeGreaterThan(250);
        assertThat(Effort.LIMITED.steps(text.length())
                        - found.workspace().budget().left())
                .isBetween(text.length() / 10L, Effort.LIMITED.steps(text.length()) / 10);
    }

    private static List<Span> resolved(List<Span> spans) {
        return Overlaps.resolve(new ArrayList<>(spans), Overlaps::standardPrecedence);
    }
}
