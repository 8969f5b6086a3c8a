package dev.postern.redacting.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class RulePackTest {
    private static final Detection DETECTION = Detection.standard();

    @TestFactory
    Stream<DynamicTest> everyExampleIsFoundAndNothingElseOfItsEntity() {
        return DETECTION.pack().rules().stream()
                .flatMap(rule -> rule.examples().stream()
                        .map(example -> DynamicTest.dynamicTest(rule.id() + ": " + example, () -> {
                            MarkedText marked = MarkedText.of(example);
                            List<Span> spans = DETECTION.detect(marked.text(), "");
                            assertThat(MarkedText.found(marked.text(), spans, rule.entity()))
                                    .isEqualTo(marked.values());
                        })));
    }

    @TestFactory
    Stream<DynamicTest> noCounterExampleIsFoundByItsRule() {
        return DETECTION.pack().rules().stream()
                .flatMap(rule -> rule.counterExamples().stream()
                        .map(text -> DynamicTest.dynamicTest(rule.id() + ": " + text, () -> {
                            List<Span> found = new ArrayList<>();
                            new RuleDetector(List.of(rule), 0.5).detect(ScannedText.of(text, ""), found);
                            assertThat(found).isEmpty();
                        })));
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
    void unknownFieldCheckAndEntityAreRejected() {
        assertThatThrownBy(() -> pack("pattern: 'a'\n    colour: red")).hasMessageContaining("colour");
        assertThatThrownBy(() -> pack("pattern: 'a'\n    check: nope")).hasMessageContaining("nope");
        assertThatThrownBy(() -> pack("pattern: 'a'\n    score: 7")).hasMessageContaining("score");
        assertThatThrownBy(() -> RulePackReader.read("entities: {X: keep}".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("pseudonymise or remove");
    }

    private static RulePack pack(String fields) {
        String score = fields.contains("score:") ? "" : "\n    score: 0.9";
        String yaml = """
                entities: {THING: pseudonymise}
                rules:
                  - id: thing
                    entity: THING
                    examples: ['a']
                    %s%s
                """.formatted(fields, score);
        return RulePackReader.read(yaml.getBytes(StandardCharsets.UTF_8));
    }
}
