package dev.postern.redact.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Span;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RedactionPolicyTest {
    private static final Detection DETECTION = Detection.standard();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no JSON|``|one JSON object",
                "{\"labels\":{\"internal\":{}},\"labels\":{}}|``|no member stands twice",
                "{\"labels\":{\"internal\":{}}} {}|``|nothing after it",
                "[]|``|Give an object",
                "{\"labels\":{}}|/labels|member for each label",
                "{\"labels\":{\"internal\":{}},\"Jane\":1}|``|Known members are default_label, description, labels",
                "{\"labels\":{\"Jane Doe\":{}}}|/labels|lower-case",
                "{\"labels\":{\"internal\":{}},\"default_label\":\"public\"}|/default_label|one of the labels",
                "{\"labels\":{\"internal\":{\"actions\":{\"EMAIL\":\"shred\"}}}}|/labels/internal/actions/EMAIL|keep, mask, generalise, hash, pseudonymise, remove, block",
                "{\"labels\":{\"internal\":{\"actions\":{\"FALCON\":\"block\"}}}}|/labels/internal/actions|no entity",
                "{\"labels\":{\"internal\":{\"actions\":{\"API_KEY\":\"pseudonymise\"}}}}|/labels/internal/actions/API_KEY|secret",
                "{\"labels\":{\"internal\":{\"actions\":{\"SECRET\":\"pseudonymise\"}}}}|/labels/internal/actions/SECRET|secret",
                "{\"labels\":{\"internal\":{\"actions\":{\"EMAIL\":\"generalise\"}}}}|/labels/internal/actions/EMAIL|DATE, IP, AGE",
                "{\"labels\":{\"internal\":{\"actions\":{\"*\":\"generalise\"}}}}|/labels/internal/actions/*|DATE, IP, AGE",
                "{\"labels\":{\"internal\":{\"thresholds\":{\"EMAIL\":0.1}}}}|/labels/internal/thresholds/EMAIL|0.3 to 1",
                "{\"labels\":{\"internal\":{\"thresholds\":{\"EMAIL\":\"high\"}}}}|/labels/internal/thresholds/EMAIL|0.3 to 1",
                "{\"labels\":{\"internal\":{\"allow\":[\"ok\",\"-\"]}}}|/labels/internal/allow/1|2 to 128",
                "{\"labels\":{\"internal\":{\"allow\":\"ok\"}}}|/labels/internal/allow|list",
                "{\"labels\":{\"internal\":{\"deny\":{\"APIKEY\":[\"Falcon\"]}}}}|/labels/internal/deny/APIKEY|CUSTOM",
                "{\"labels\":{\"internal\":{\"deny\":{\"URL\":[\"Falcon\"]}}}}|/labels/internal/deny/URL|is kept",
                "{\"labels\":{\"internal\":{\"languages\":[\"german\"]}}}|/labels/internal/languages|ISO 639-1",
            })
    void documentWhenWrongThenRefusedWithItsPlace(String json, String pointer, String words) {
        assertThatThrownBy(() -> parse(json)).isInstanceOfSatisfying(PolicyRejected.class, rejected -> {
            assertThat(rejected.problems()).hasSize(1);
            assertThat(rejected.problems().getFirst().pointer()).isEqualTo(pointer);
            assertThat(rejected.problems().getFirst().sentence()).contains(words);
            assertThat(rejected.toString()).doesNotContain("Falcon", "FALCON", "Jane");
        });
    }

    @Test
    void documentWhenWrongInSeveralPlacesThenAllAreNamed() {
        assertThatThrownBy(() -> parse("""
                        {"labels":{"internal":{"actions":{"EMAIL":"shred"},"allow":[1]},"public":7}}
                        """))
                .isInstanceOfSatisfying(
                        PolicyRejected.class,
                        rejected -> assertThat(rejected.problems())
                                .extracting(PolicyProblem::pointer)
                                .containsExactly(
                                        "/labels/internal/actions/EMAIL",
                                        "/labels/internal/allow/0",
                                        "/labels/public"));
    }

    @Test
    void actionWhenNamedForEntityKindAndRestThenTheNearestCounts() throws PolicyRejected {
        Plan plan = parse("""
                {"labels":{"internal":{"actions":
                  {"*":"remove","TAXID":"hash","DE_TAX_ID":"block","SECRET":"mask","PASSWORD":"block","URL":"keep"}}}}
                """).plan("internal");
        assertThat(treatment(plan, "EMAIL")).isEqualTo(Treatment.REMOVE);
        assertThat(treatment(plan, "DE_TAX_ID")).isEqualTo(Treatment.BLOCK);
        assertThat(treatment(plan, "IN_PAN")).isEqualTo(Treatment.HASH);
        assertThat(treatment(plan, "API_KEY")).isEqualTo(Treatment.MASK);
        assertThat(treatment(plan, "PASSWORD")).isEqualTo(Treatment.BLOCK);
        assertThat(treatment(plan, "URL")).isEqualTo(Treatment.KEEP);
    }

    @Test
    void restWhenKeptThenSecretsStayRemoved() throws PolicyRejected {
        Plan plan = parse("{\"labels\":{\"internal\":{\"actions\":{\"*\":\"keep\"}}}}")
                .plan("internal");
        assertThat(found("Jane Doe, jane@acme.example, password: hunter2x", plan))
                .containsExactly("PASSWORD");
    }

    @Test
    void labelWhenUnknownThenTheStrictestOfAll() throws PolicyRejected {
        RedactionPolicy policy = parse("""
                {"labels":{
                  "public":{"actions":{"*":"keep","CARD":"block"},"allow":["jane@acme.example"],"deny":{"CARD":["Falcon"]}},
                  "internal":{"actions":{"EMAIL":"remove","URL":"mask"},"thresholds":{"PHONE":0.95}}}}
                """);
        Plan unknown = policy.plan("confidential");
        assertThat(treatment(unknown, "CARD")).isEqualTo(Treatment.BLOCK);
        assertThat(treatment(unknown, "EMAIL")).isEqualTo(Treatment.REMOVE);
        assertThat(treatment(unknown, "URL")).isEqualTo(Treatment.MASK);
        assertThat(treatment(unknown, "PERSON")).as("what packs say").isEqualTo(Treatment.PSEUDONYMISE);
        assertThat(found("jane@acme.example on Falcon", unknown)).containsExactly("EMAIL", "CARD");
        assertThat(found("jane@acme.example on Falcon", policy.plan("public"))).containsExactly("CARD");
        assertThat(found("call 020 7946 0958 now", policy.plan("internal")))
                .doesNotContain("PHONE")
                .isNotEqualTo(found("call 020 7946 0958 now", unknown));
    }

    @Test
    void labelWhenThereIsNoneThenThePolicysDefaultOrInternal() throws PolicyRejected {
        String labels =
                "\"labels\":{\"internal\":{\"actions\":{\"URL\":\"hash\"}},\"low\":{\"actions\":{\"URL\":\"mask\"}}}";
        assertThat(treatment(parse("{" + labels + "}").plan(""), "URL")).isEqualTo(Treatment.HASH);
        assertThat(treatment(parse("{\"default_label\":\"low\"," + labels + "}").plan(""), "URL"))
                .isEqualTo(Treatment.MASK);
    }

    @Test
    void policyWhenStandardThenFindsWhatTheEngineHides() {
        String text = "Jane Doe, jane@acme.example, https://acme.example/x, 4111 1111 1111 1111, password: hunter2x";
        Plan standard = RedactionPolicy.standard(DETECTION).plan("whatever");
        assertThat(DETECTION.detect(text, "", standard)).isEqualTo(DETECTION.detect(text, ""));
        assertThat(DETECTION.detect("tiger", "password", standard)).isEqualTo(DETECTION.detect("tiger", "password"));
    }

    @Test
    void deniedValueWhenWrittenOtherwiseThenFoundAsWholeWords() throws PolicyRejected {
        Plan plan = parse("{\"labels\":{\"internal\":{\"deny\":{\"CUSTOM\":[\"Project Falcon\",\"隼鷹\",\"R-7\"]}}}}")
                .plan("internal");
        assertThat(found("about PROJECT \n falcon.", plan)).containsExactly("CUSTOM");
        assertThat(found("about Pro\u200Bject\u00A0Ｆalcon", plan)).containsExactly("CUSTOM");
        assertThat(found("計画隼鷹計画", plan)).containsExactly("CUSTOM");
        assertThat(found("the R-7, not R-71 nor XR-7", plan)).containsExactly("CUSTOM");
        assertThat(found("Subproject Falcon, Project Falcons, Project-Falcon", plan))
                .doesNotContain("CUSTOM");
        String text = "x \u200Bproject  falcon\u200B y";
        Span span = DETECTION.detect(text, "", plan).getFirst();
        assertThat(text.substring(span.start(), span.end())).isEqualTo("project  falcon");
    }

    @Test
    void allowedValueWhenPartOfALongerOneThenTheLongerIsHidden() throws PolicyRejected {
        Plan plan = parse("{\"labels\":{\"internal\":{\"allow\":[\"help@acme.example\",\"Jane Doe Foundation\"]}}}")
                .plan("internal");
        assertThat(found("Mail Help@acme.example", plan)).isEmpty();
        assertThat(found("Mail no-help@acme.example", plan)).containsExactly("EMAIL");
        assertThat(found("of the Jane Doe Foundation", plan)).isEmpty();
        assertThat(found("of Jane Doe", plan)).containsExactly("PERSON");
        assertThat(DETECTION.detect("help@acme.example", "password", plan)).isEmpty();
    }

    @Test
    void valuesWhenTheyOverlapThenTheStricterTreatmentWins() throws PolicyRejected {
        Plan plan = parse("""
                {"labels":{"internal":{"actions":{"EMAIL":"mask","CUSTOM":"block"},"deny":{"CUSTOM":["acme"]}}}}
                """).plan("internal");
        String text = "to jane@acme.example!";
        assertThat(DETECTION.detect(text, "", plan)).singleElement().satisfies(span -> {
            assertThat(span.entity().name()).isEqualTo("CUSTOM");
            assertThat(text.substring(span.start(), span.end())).isEqualTo("jane@acme.example");
        });
        assertThat(DETECTION.detect("at acme", "first_name", plan))
                .singleElement()
                .satisfies(span -> {
                    assertThat(span.entity().name()).isEqualTo("CUSTOM");
                    assertThat(span.end()).isEqualTo(7);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "DATE_TIME, 3 May 1984, 1984",
        "DATE_TIME, 1984-05-03, 1984",
        "DATE_TIME, 3 May, ",
        "DATE_TIME, 1984-1985, ",
        "IP, 203.0.113.77, 203.0.113.0/24",
        "IP, 2001:db8:85a3::8a2e:370:7334, 2001:db8:85a3::/48",
        "IP, 2001:db8:85a3:0:0:8a2e:370:7334, 2001:db8:85a3::/48",
        "IP, 2001:db8::1, 2001:db8:0::/48",
        "IP, ::1, 0:0:0::/48",
        "IP, 1::2:3:4:5:6:7, ",
        "IP, ::ffff:203.0.113.7, ",
        "AGE, 47 years, 40s",
        "EMAIL, a@b.example, "
    })
    void valueWhenGeneralisedThenLessIsLeft(String entity, String value, String less) {
        assertThat(Generalisation.of(DETECTION.entity(entity), value).orElse(null))
                .isEqualTo(less);
    }

    @ParameterizedTest
    @CsvSource({
        "4111 1111 1111 1111, **** **** **** 1111",
        "jane.doe@acme.example, ****.***@****.***mple",
        "Jane Doe, **** **e",
        "abc, ***",
        "日本太郎 7, **** 7",
        "\uD83D\uDE00x, **"
    })
    void valueWhenMaskedThenItsFormAndAQuarterOfItAreLeft(String value, String masked) {
        assertThat(Mask.of(value)).isEqualTo(masked);
    }

    @Test
    void literalsWhenTheTextIsMadeToBeSlowThenTimeStaysLinear() throws PolicyRejected {
        String slow = "a ".repeat(60).strip();
        Plan plan = parse("{\"labels\":{\"internal\":{\"allow\":[\"" + slow + "\"],\"deny\":{\"CUSTOM\":[\"" + slow
                        + " b\"]}}}}")
                .plan("internal");
        String text = "a ".repeat(200_000);
        long start = System.nanoTime();
        plan.edit(
                text,
                0,
                text.length(),
                new java.util.ArrayList<>(List.of(new Span(0, 1, DETECTION.entity("EMAIL"), 1))));
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }

    private static RedactionPolicy parse(String json) throws PolicyRejected {
        return RedactionPolicy.parse(json, DETECTION);
    }

    private static Treatment treatment(Plan plan, String entity) {
        return plan.treatment(DETECTION.entity(entity));
    }

    private static List<String> found(String text, Plan plan) {
        return DETECTION.detect(text, "", plan).stream()
                .map(span -> span.entity().name())
                .toList();
    }
}
