package dev.postern.redact.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Span;
import dev.postern.redact.entity.Taxonomy;
import dev.postern.redact.scan.RuleScanner;
import dev.postern.redact.scan.ScannedText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class RulePackTest {
    private static final RulePack PACK = RulePackReader.standard();
    private static final Detection DETECTION = Detection.standard();

    @TestFactory
    Stream<DynamicTest> everyExampleIsFoundAndNothingElseOfItsEntity() {
        return PACK.rules().stream()
                .flatMap(rule -> rule.examples().stream()
                        .map(example -> DynamicTest.dynamicTest(rule.id() + ": " + example, () -> {
                            MarkedText marked = MarkedText.of(example);
                            List<Span> spans = DETECTION.analyze(marked.text(), language(rule));
                            assertThat(MarkedText.found(marked.text(), spans, rule.entity()))
                                    .isEqualTo(marked.values());
                        })));
    }

    @TestFactory
    Stream<DynamicTest> noCounterExampleIsFoundByItsRule() {
        return PACK.rules().stream().flatMap(rule -> {
            RuleScanner alone = RuleScanner.portable(List.of(rule), 0.5);
            return rule.counterExamples().stream()
                    .map(text -> DynamicTest.dynamicTest(
                            rule.id() + ": " + text,
                            () -> assertThat(alone.scan(
                                            ScannedText.of(text, "", language(rule)),
                                            RuleScanner.Surroundings.MAY_BE_ABSENT,
                                            _ -> true))
                                    .isEmpty()));
        });
    }

    private static String language(Rule rule) {
        return rule.languages().stream().sorted().findFirst().orElse("");
    }

    @Test
    void everyEntityHasARuleExceptNamesAndWhatPoliciesList() {
        assertThat(PACK.entities().values())
                .allSatisfy(entity -> assertThat(Set.of("PERSON", "LOCATION", "ORGANIZATION", "NRP", "CUSTOM")
                                        .contains(entity.name())
                                || PACK.rules().stream()
                                        .anyMatch(rule -> rule.entity().equals(entity)))
                        .as(entity.name())
                        .isTrue());
    }

    @Test
    void namesOfOthersAreKnown() {
        assertThat(PACK.entity("EMAIL").name(Taxonomy.PRESIDIO)).isEqualTo("EMAIL_ADDRESS");
        assertThat(PACK.entity("EMAIL").name(Taxonomy.COMPREHEND)).isEqualTo("EMAIL");
        assertThat(PACK.entity("UUID").name(Taxonomy.PRESIDIO)).isEqualTo("UUID");
    }

    @Test
    void patternThatRepeatsWithoutBoundIsRejected() {
        for (String regex : List.of("a+", "(?:ab)*", "a{2,}", "[a-z]+x")) {
            assertThatThrownBy(() -> pack("pattern: '" + regex + "'"))
                    .isInstanceOf(InvalidRulePack.class)
                    .hasMessageContaining("bounded");
        }
    }

    @Test
    void boundedPatternsAndClassesWithSignsAreTaken() {
        assertThat(pack("pattern: '[a+*]{1,3}\\+x{0,2}+'").rules()).hasSize(1);
    }

    @Test
    void whatIsNoRuleIsRejectedInOneSentence() {
        assertThatThrownBy(() -> pack("pattern: 'a'\n    colour: red")).hasMessageContaining("colour");
        assertThatThrownBy(() -> pack("pattern: 'a'\n    check: nope")).hasMessageContaining("nope");
        assertThatThrownBy(() -> pack("pattern: 'a'\n    score: 7")).hasMessageContaining("score");
        assertThatThrownBy(() -> pack("pattern: 'a(b'")).hasMessageContaining("unmatched (");
        assertThatThrownBy(() -> pack("pattern: '(a)\\1'")).hasMessageContaining("back");
        assertThatThrownBy(() -> pack("pattern: 'a?'")).hasMessageContaining("nothing at all");
        assertThatThrownBy(() -> pack("pattern: 'a'\n    bounds: soft")).hasMessageContaining("word or none");
        assertThatThrownBy(() -> pack("pattern: 'a'\n    needs: [A]")).hasMessageContaining("lower case");
        assertThatThrownBy(() -> read("entities: {XX: {action: hide}}"))
                .hasMessageContaining("pseudonymise, remove or keep");
        assertThatThrownBy(() -> read("entities: {XX: {action: keep, colour: red}}"))
                .hasMessageContaining("colour");
        assertThatThrownBy(() -> read("- : [")).hasMessageContaining("YAML");
    }

    @Test
    void othersMayNotBringPatternsThatTakeLongOrMatchMuch() {
        for (String regex : List.of("(?:a{0,9}){0,30}b", "(?:a|a){1,30}b", "a{1,200}a{1,200}b")) {
            assertThatThrownBy(() -> operator(regex)).as(regex).hasMessageContaining("too many ways");
        }
        assertThatThrownBy(() -> operator("b(?=(?:a|a){1,30}b)")).hasMessageContaining("too many ways");
        assertThatThrownBy(() -> operator("[a-z]{5000}")).hasMessageContaining("more than 1000 characters");
        assertThatThrownBy(() -> operator("b(?![a-z]{0,2000}b)")).hasMessageContaining("more than 1000 characters");
        assertThatThrownBy(() -> operator("(?:(?:a{10000}){10000}){10000}"))
                .hasMessageContaining("more than 1000 characters");
        assertThatThrownBy(() -> operator("x".repeat(501))).hasMessageContaining("longer than 500");
        assertThat(operator("EMP-\\d{6}").rules()).anyMatch(rule -> rule.id().equals("thing"));
    }

    @Test
    void patternsNamePartsAndPartsAreNoWayAroundTheLimits() {
        String yaml = """
            parts: {digits: '[0-9]{%s}'}
            entities: {THING: {action: pseudonymise}}
            rules: [{id: thing, entity: THING, score: 0.9, examples: ['a'], pattern: '%s'}]
            """;
        Pattern named =
                read(yaml.formatted("3", "A<<digits>>")).rules().getFirst().pattern();
        assertThat("A123").matches(named);
        assertThat("A12").doesNotMatch(named);
        assertThatThrownBy(() -> read(yaml.formatted("3", "A<<letters>>")))
                .hasMessageContaining("unknown part letters");
        assertThatThrownBy(() -> operators(yaml.formatted("3", "<<digits>>".repeat(80))))
                .hasMessageContaining("longer than 500");
    }

    private static RulePack operator(String regex) {
        return operators("""
            entities: {THING: {action: pseudonymise}}
            rules: [{id: thing, entity: THING, score: 0.9, examples: ['a'], pattern: '%s'}]
            """.formatted(regex));
    }

    private static RulePack operators(String yaml) {
        return RulePackReader.extended(
                RulePackReader.standard(), Map.of("own.yml", yaml.getBytes(StandardCharsets.UTF_8)));
    }

    private static RulePack pack(String fields) {
        String score = fields.contains("score:") ? "" : "\n    score: 0.9";
        return read("""
            entities: {THING: {action: pseudonymise}}
            rules:
              - id: thing
                entity: THING
                examples: ['a']
                %s%s
            """.formatted(fields, score));
    }

    private static RulePack read(String yaml) {
        return RulePackReader.read(yaml.getBytes(StandardCharsets.UTF_8), Origin.BUILT_IN);
    }
}
