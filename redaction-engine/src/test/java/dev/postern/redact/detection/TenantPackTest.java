package dev.postern.redact.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.InvalidRulePack;
import dev.postern.redact.scan.Selection;
import dev.postern.redact.scan.TooCostly;
import dev.postern.redact.stream.Opaque;
import dev.postern.redact.stream.RedactingStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class TenantPackTest {
    private static final Detection STANDARD = Detection.standard();
    private static final JsonMapper JSON = new JsonMapper();
    private static final String STAFF = """
            {"entities": {"CUSTOM_STAFF": {"kind": "STAFF", "action": "pseudonymise"}},
             "keys": {"CUSTOM_STAFF": ["staff no"]},
             "rules": [{"id": "staff", "entity": "CUSTOM_STAFF", "pattern": "EMP-\\\\d{6}", "score": 0.4,
                        "context-score": 0.9, "context": ["badge"], "alone": 0.8,
                        "examples": ["badge «EMP-004711»", "«EMP-004711»"], "counter-examples": ["EMP-1"]}]}
            """;

    /// Numbers that a word within a hundred characters makes cases.
    private static final String CASES = """
            {"entities": {"CUSTOM_CASE": {"kind": "CASE", "action": "remove"}},
             "rules": [{"id": "case", "entity": "CUSTOM_CASE", "pattern": "\\\\d{4}", "needs": ["case"],
                        "reach": 100, "score": 0.9, "examples": ["see «4711» (case no) thanks"]}]}
            """;

    @Test
    void valuesAreFoundInTextsUnderKeysAloneAndInStreams() {
        Detection detection = STANDARD.withNew(json(STAFF));
        String text = "Badge EMP-123456, jane@example.org, EMP-12.";
        assertThat(names(detection.detect(text, ""))).containsExactly("CUSTOM_STAFF", "EMAIL");
        assertThat(names(detection.detect("4711", "staffNo"))).containsExactly("CUSTOM_STAFF");
        assertThat(names(detection.analyze("EMP-123456 and jane@example.org", "")))
                .as("little more than its values, whoever found them")
                .containsExactly("CUSTOM_STAFF", "EMAIL");
        assertThat(streamed(detection, text)).isEqualTo("Badge [CUSTOM_STAFF], [EMAIL], EMP-12.");
        assertThat(names(STANDARD.detect(text, ""))).as("the others' engine").containsExactly("EMAIL");
        assertThat(detection.entities()).hasSize(STANDARD.entities().size() + 1);
    }

    @Test
    void rulesMayFindBuiltInEntitiesAndUseTheirChecks() {
        Detection detection =
                STANDARD.withNew(json("""
                {"rules": [{"id": "our-cards", "entity": "CREDIT_CARD", "pattern": "K\\\\d{16}", "score": 0.9,
                            "examples": ["«K0000000000000000»"]}]}
                """.replace("CREDIT_CARD", "CARD").replace("\"CARD\"", "\"" + card() + "\"")));
        assertThat(names(detection.detect("is K1234123412341234 ours?", ""))).containsExactly(card());
    }

    private static String card() {
        return STANDARD.detect("4111 1111 1111 1111", "").getFirst().entity().name();
    }

    @Test
    void packWhenItIsNotInOrderThenRefusedInOneSentence() {
        assertRefused(STAFF.replace("CUSTOM_STAFF", "STAFF"), "entity STAFF needs a name that begins with CUSTOM_");
        assertRefused(STAFF.replace("staff no", "password"), "the key \"password\" means an entity already");
        assertRefused(
                STAFF.replace("badge «EMP-004711»", "badge EMP-«004711»"),
                "rule staff does not find in its example 1 what « and » mark, and nothing else");
        assertRefused(
                STAFF.replace("\"EMP-1\"", "\"EMP-100000\""), "rule staff finds something in its counter-example 1");
        assertRefused("{\"rules\": {}}", "languages and rules of a rule pack are lists, its other fields are none");
        assertRefused("{\"entities\": [], \"rules\": []}", "languages and rules of a rule pack are lists, its other");
        assertRefused("{\"rules\": []}", "a rule pack needs rules");
        assertRefused("{\"rule\": []}", "the rule pack has the unknown field rule");
        assertRefused("{\"rules\": [7]}", "a rule has no id");
        assertRefused("{\"x\": \"" + "x".repeat(66_000) + "\"}", "the rule pack is larger than 65536 bytes");
        String words = String.join(
                "\",\"", IntStream.range(0, 1_001).mapToObj(i -> "w" + i).toList());
        assertRefused(STAFF.replace("badge\"]", words + "\"]"), "more than 1000 words in its contexts");
        String rule = "{\"id\":\"r%d\",\"entity\":\"EMAIL\",\"pattern\":\"a\",\"score\":0.1,\"examples\":[\"a\"]}";
        assertRefused(
                "{\"rules\": ["
                        + String.join(
                                ",",
                                IntStream.range(0, 201)
                                        .mapToObj(rule::formatted)
                                        .toList()) + "]}",
                "the rule pack has more than 200 rules");
    }

    /// What is built in changes with each version; what a tenant was allowed to keep goes on.
    @Test
    void packWhenItWasKeptThenNeitherItsKeysNorItsExamplesAreInTheWay() {
        JsonNode kept = json(STAFF.replace("staff no", "password").replace("badge «EMP-004711»", "«a»"));
        Detection detection = STANDARD.with(kept);
        assertThat(names(detection.detect("badge EMP-123456", ""))).containsExactly("CUSTOM_STAFF");
        assertThat(names(detection.detect("hunter2", "password"))).containsExactly("PASSWORD");
    }

    @Test
    void namesOfTenantsAreNobodyElses() {
        assertThat(STANDARD.entities()).noneMatch(entity -> entity.name().startsWith("CUSTOM_"));
    }

    /// Patterns within the limits, that together or on the wrong text take long. The text is refused, in the time that
    /// is allowed, and that of others is none of theirs.
    @Test
    void rulesWhenTheyTakeTooLongThenTheTextIsRefused() {
        String runs = "a".repeat(100_000);
        String words = "ab ".repeat(33_000);
        assertRefusesText(100, "\"pattern\": \"a{0,20}a{0,20}a{0,20}b\"", "\"aa\"", runs);
        assertRefusesText(40, "\"pattern\": \"[a-z ]{0,400}[a-z ]{0,40}0\"", "\"ab\"", words);
        assertRefusesText(60, "\"pattern\": \"[a-z ]{1,300}0\", \"reach\": 200", "\"ab\"", words);
        assertRefusesText(160, "\"pattern\": \"--x\"", "\"--\", \"---\", \"----\"", "-".repeat(1 << 20));
        assertRefusesText(50, "\"pattern\": \"aab\", \"reach\": 200", "\"aa\"", runs);
        assertRefusesText(20, "\"pattern\": \"[b-y]{900}z\"", "\"bb\"", "b".repeat(100_000));
        assertRefusesText(1, "\"pattern\": \"[" + "!-#".repeat(155) + "\\\\-]{400}#\"", "\"--\"", "-".repeat(64_000));
        assertRefusesText(
                1, "\"pattern\": \"[" + "\\\\p{IsGreek}".repeat(38) + "\\\\-]{400}#\"", "\"--\"", "-".repeat(64_000));
        for (String members : List.of(
                "\\\\]" + "!-#".repeat(154) + "\\\\-",
                "]" + "!-#".repeat(154) + "\\\\-",
                "^\\\\]" + "!-#".repeat(150))) {
            assertRefusesText(1, "\"pattern\": \"[" + members + "]{400}#\"", "\"--\"", "-".repeat(64_000));
        }
        String foreign = "\"pattern\": \"xy\", \"context-score\": 1, \"context\": [\"" + "中".repeat(40) + "%d\"]";
        assertRefusesText(190, foreign, "\"xy\"", "中".repeat(64_000));
        assertThat(STANDARD.detect(runs, "")).isEmpty();
    }

    private static void assertRefusesText(int count, String rule, String needed, String text) {
        String rules = IntStream.range(0, count)
                .mapToObj(i -> """
                        {"id": "r%d", "entity": "EMAIL", "score": 0.9, "examples": ["x"], "bounds": "none",
                         "needs": [%s], %s}
                        """.formatted(i, needed, rule.replace("%d", Integer.toString(i))))
                .collect(Collectors.joining(","));
        Detection detection = STANDARD.with(json("{\"rules\": [" + rules + "]}"));
        assertThatThrownBy(() -> detection.detect(text, "")).as(rule).isInstanceOf(TooCostly.class);
        assertThat(names(detection.detect("mail jane@example.org", ""))).containsExactly("EMAIL");
    }

    /// In a stream each look may take what its text may, so a few rules of these end it.
    @Test
    void streamWhenRulesTakeTooLongThenItEnds() {
        String rules = IntStream.range(0, 100).mapToObj(i -> """
                        {"id": "r%d", "entity": "EMAIL", "score": 0.9, "examples": ["x"], "bounds": "none",
                         "needs": ["aa"], "pattern": "a{0,20}a{0,20}a{0,20}b"}
                        """.formatted(i)).collect(Collectors.joining(","));
        Detection detection = STANDARD.with(json("{\"rules\": [" + rules + "]}"));
        assertThatThrownBy(() -> streamed(detection, "a".repeat(10_000))).isInstanceOf(TooCostly.class);
    }

    /// The trigger comes behind the value, and is not there yet when the value has ended.
    @Test
    void valueWhenItsTriggerFollowsThenStreamsHoldItUntilThen() {
        Detection detection = STANDARD.withNew(json(CASES));
        for (String text : List.of("see 4711 (case no) thanks", "see 4711 (no) thanks and so on")) {
            String whole = text.contains("case") ? "see [CUSTOM_CASE] (case no) thanks" : text;
            assertThat(streamed(detection, text)).isEqualTo(whole);
        }
    }

    @Test
    void valuesWhenOneTriggerFollowsThemAllThenAllAreHidden() {
        Detection detection = STANDARD.withNew(json(CASES));
        String text = "see 4711 and then 4712 and finally 4713 in this case, thanks to all of you";
        assertThat(names(detection.detect(text, ""))).hasSize(3);
        for (int size : List.of(1, 3, 20, 100)) {
            assertThat(streamed(detection, text, size))
                    .isEqualTo(
                            "see [CUSTOM_CASE] and then [CUSTOM_CASE] and finally [CUSTOM_CASE] in this case, thanks to"
                                    + " all of you");
        }
    }

    /// A rule that a word speaks against hides no other's value.
    @Test
    void valueWhenASurerRuleIsSpokenAgainstThenTheOtherStillFindsIt() {
        String grams = """
                {"id": "grams", "entity": "CUSTOM_B", "pattern": "\\\\d{4}", "score": 0.3, "context-score": 0.8,
                 "context": ["kg"], "examples": ["kg «4030»"]}""";
        String codes = """
                {"id": "codes", "entity": "CUSTOM_B", "pattern": "\\\\d{4}", "score": 0.8, "unless": ["badge"],
                 "examples": ["is «4030»"]}""";
        for (String rules : List.of(grams + "," + codes, codes + "," + grams)) {
            Detection detection = STANDARD.withNew(json("""
                    {"entities": {"CUSTOM_B": {"kind": "BADGE", "action": "remove"}}, "rules": [%s]}
                    """.formatted(rules)));
            assertThat(names(detection.detect("kg badge 4030 x", ""))).containsExactly("CUSTOM_B");
            assertThat(streamed(detection, "kg badge 4030 x")).isEqualTo("kg badge [CUSTOM_B] x");
        }
    }

    /// A table of values of a tenant's own is no attack.
    @Test
    void tableOfValuesWhenLongThenItIsNotTooCostly() {
        String rules = IntStream.range(0, 20).mapToObj(i -> """
                        {"id": "r%d", "entity": "CUSTOM_B", "pattern": "[A-Z]{3}[0-9]{6,8}", "score": 0.8,
                         "examples": ["«ABC123456»"]}
                        """.formatted(i)).collect(Collectors.joining(","));
        Detection detection = STANDARD.withNew(json("""
                {"entities": {"CUSTOM_B": {"kind": "BADGE", "action": "remove"}}, "rules": [%s]}
                """.formatted(rules)));
        assertThat(detection.detect("ABC123456 ".repeat(6_000), "")).hasSize(6_000);
    }

    @Test
    void valueWhenItIsNothingButSignsThenStreamsLeaveItOutToo() {
        Detection detection = STANDARD.withNew(json("""
                {"entities": {"CUSTOM_SIGNS": {"kind": "SIGNS", "action": "remove"}},
                 "rules": [{"id": "signs", "entity": "CUSTOM_SIGNS", "pattern": "[*#!]{6}", "bounds": "none",
                            "score": 0.9, "examples": ["pin «*#!*#!» thanks"]}]}
                """));
        assertThat(streamed(detection, "pin *#!*#! thanks")).isEqualTo("pin [CUSTOM_SIGNS] thanks");
    }

    /// Of secrets under a key that a tenant gave a meaning nothing less becomes than elsewhere.
    @Test
    void keyOfATenantWhenASecretStandsUnderItThenItStaysASecret() {
        Detection detection = STANDARD.withNew(json(STAFF));
        assertThat(names(detection.detect("the password is xK9#mQ2$vL7p", "staff no")))
                .containsExactly("PASSWORD");
        assertThat(names(detection.detect("anything else", "staff no"))).containsExactly("CUSTOM_STAFF");
    }

    /// Checks know what the built-in patterns give them.
    @Test
    void checkWhenItCannotReadAValueThenTheValueIsHidden() {
        Detection detection = STANDARD.with(json("""
                {"entities": {"CUSTOM_CODE": {"kind": "CODE", "action": "remove"}},
                 "rules": [{"id": "code", "entity": "CUSTOM_CODE", "pattern": "[A-Z]{2}-\\\\d", "check": "bic",
                            "score": 0.9, "examples": ["x"]}]}
                """));
        assertThat(names(detection.detect("is AB-1 here", ""))).containsExactly("CUSTOM_CODE");
    }

    /// Nothing but what it says may come of reading what somebody sent, and soon.
    @Test
    void packWhenItIsHostileThenRefused() {
        String nested = "(?:".repeat(20) + "a" + "){1}".repeat(20);
        String empty = "x" + "(?:".repeat(7) + "){99}".repeat(7) + "b";
        for (String pattern : List.of(
                "(".repeat(60_000),
                "(".repeat(400),
                "(?:".repeat(60) + "a" + ")".repeat(60),
                empty,
                "x(?:(?:(?:){9999}){9999}){9999}b",
                "(?:(?=a){400})z",
                "a(?=b)",
                "(?<=ACCOUNT.{1,80})Q",
                "a{2}{3}",
                "x1|(?:(?:{2147483647}){70}){1}y",
                "a|{2}_",
                "(?:" + "a{0}".repeat(110) + "-){400}#",
                "(?:" + "()".repeat(28) + "-){400}#",
                "(?:" + "\\\\b?".repeat(50) + "-){400}#",
                "()".repeat(31) + "a",
                "[" + "中国人民大学生活动".repeat(5) + "]z",
                "\\u4e2d".repeat(41),
                "\uD83D\uDE00x",
                "[a-z]{0,30}[a-z]{0,30}[a-z]{0,30}x",
                "[",
                "a{1,",
                "\\p{",
                "(?<value>a",
                "")) {
            assertRefused(rule("\"pattern\": " + quoted(pattern)), "rule r ");
        }
        assertThat(STANDARD.with(json(rule("\"pattern\": " + quoted(nested))))).isNotNull();
        for (String field : List.of(
                "\"context\": [\"\"]",
                "\"context\": [5]",
                "\"context\": [null]",
                "\"context\": [\"\u0301\u0301\u0301\u0301\u0301\"]",
                "\"context\": {\"en\": 5}",
                "\"context\": [\"" + "x".repeat(61) + "\"]",
                "\"unless\": \"draft\"",
                "\"check\": 5",
                "\"check\": \"private-key\"",
                "\"check\": \"json-web-token\"",
                "\"check\": \"web-address\"",
                "\"costly\": \"yes\"",
                "\"reach\": 1.5",
                "\"reach\": 201",
                "\"score\": \"1\"",
                "\"score\": 2",
                "\"needs\": [\"\"]",
                "\"needs\": [\"b\"]",
                "\"needs\": [\"" + "b".repeat(61) + "\"]",
                "\"bounds\": \"line\"")) {
            assertRefused(rule("\"pattern\": \"a\", " + field), "rule r ");
        }
        assertRefused(rule("\"pattern\": \"b\""), "rule r has no example in which « and » mark what it finds");
        assertRefused(rule("\"pattern\": \"a\"").replace("\"r\"", "\"" + "r".repeat(70) + "\""), "needs an id");
        for (String key : List.of("\"staffNo\"", "\"staff_no\"", "\"\"", "5", "\" no\"")) {
            assertRefused(STAFF.replace("\"staff no\"", key), "needs small words with single blanks between them");
        }
        assertRefused(STAFF.replace("CUSTOM_STAFF", "CUSTOM_"), "needs a name that begins with CUSTOM_");
        assertRefused(STAFF.replace("\"STAFF\"", "\"PERSON\""), "the kind PERSON of entity CUSTOM_STAFF is another's");
        assertRefused(STAFF.replace("\"STAFF\"", "\"SECRET\""), "the kind SECRET of entity CUSTOM_STAFF is another's");
        String large = rule("\"pattern\": \"[a-z]{900}\"");
        String rules = IntStream.range(0, 30)
                .mapToObj(i -> large.substring(large.indexOf('[') + 1, large.lastIndexOf(']'))
                        .replace("\"r\"", "\"r" + i + "\""))
                .collect(Collectors.joining(","));
        assertRefused("{\"rules\": [" + rules + "]}", "speak of more than 20000 characters together");
    }

    private static String rule(String fields) {
        return "{\"rules\": [{\"id\": \"r\", \"entity\": \"EMAIL\", \"score\": 0.9, \"examples\": [\"a\"], " + fields
                + "}]}";
    }

    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }

    private static void assertRefused(String pack, String sentence) {
        assertThatThrownBy(() -> STANDARD.withNew(json(pack)))
                .as(pack.length() > 200 ? sentence : pack)
                .isInstanceOf(InvalidRulePack.class)
                .hasMessageContaining(sentence);
    }

    private static String streamed(Detection detection, String text) {
        return streamed(detection, text, 1);
    }

    private static String streamed(Detection detection, String text, int size) {
        RedactingStream stream =
                detection.streams(Selection.STANDARD).open("", Opaque.NOTHING, entity -> "[" + entity.name() + "]");
        StringBuilder given = new StringBuilder();
        for (int at = 0; at < text.length(); at += size) {
            given.append(stream.feed(text.substring(at, Math.min(text.length(), at + size))));
        }
        return given.append(stream.finish()).toString();
    }

    private static List<String> names(List<Span> spans) {
        return spans.stream().map(span -> span.entity().name()).toList();
    }

    private static JsonNode json(String json) {
        return JSON.readTree(json);
    }
}
