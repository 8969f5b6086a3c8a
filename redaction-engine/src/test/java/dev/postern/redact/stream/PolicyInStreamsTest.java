package dev.postern.redact.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.policy.AnswerPlan;
import dev.postern.redact.policy.PolicyRejected;
import dev.postern.redact.policy.RedactionPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A policy's actions, lists, thresholds and languages hold in streams, however these are cut: what is joined is what
/// detection makes of the whole text, and nothing goes out that is left out later.
final class PolicyInStreamsTest {
    private static final Detection DETECTION = Detection.standard();
    private static final String MAIL = "jane@acme.example";

    @ParameterizedTest
    @ValueSource(strings = {"mask", "generalise", "hash", "remove", "block"})
    void valueWhenTheActionIsStrictThenLeftOut(String action) throws Exception {
        AnswerPlan plan = plan("{\"actions\":{\"IP\":\"" + action + "\"}}");
        cut(plan, "from 203.0.113.77 to " + MAIL + ". ", "from [IP removed] to " + MAIL + ". ");
    }

    @Test
    void secretWhenThePolicyKeepsItThenStays() throws Exception {
        String text = "the password: hunter2x, token ghp_16C7e42F292c6912E7710c838347Ae178B4a ";
        AnswerPlan plan = plan("{\"actions\":{\"PASSWORD\":\"keep\",\"SECRET\":\"remove\"}}");
        cut(plan, text, text.replaceAll("ghp_\\w+", "[ACCESS_TOKEN removed]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LOCATION|We met in Berlin, as ever. Then it rained.",
                "ORGANIZATION|She works for Siemens AG since May. Then it rained.",
                "NRP|Most of them are German citizens. Then it rained.",
                "PERSON|I spoke to Jane Miller about it. Then it rained."
            })
    void nameWhenThePolicyRemovesItThenLeftOut(String entity, String text) throws Exception {
        AnswerPlan plan = plan("{\"actions\":{\"" + entity + "\":\"remove\"}}");
        String expected = whole(plan, text);
        assertThat(expected).contains("[" + entity + " removed]");
        cut(plan, text, expected);
    }

    @Test
    void deniedValueWhenAnywhereThenLeftOut() throws Exception {
        AnswerPlan plan =
                plan("{\"deny\":{\"CUSTOM\":[\"Project Falcon\",\"Falcon\",\"鷹山\"],\"PERSON\":[\"Zorblatt\"]}}");
        cut(
                plan,
                "PROJECT \n falcon, Falcons, a Project, Fal\u200Bcon and 白鷹山中; zorblatt",
                "[CUSTOM removed], Falcons, a Project, [CUSTOM removed] and 白[CUSTOM removed]中; [PERSON removed]");
    }

    @Test
    void allowedValueWhenAnywhereThenStaysAndNothingAroundIt() throws Exception {
        AnswerPlan plan =
                plan("{\"actions\":{\"*\":\"remove\"},\"allow\":[\"help@acme.example\",\"call " + MAIL + " now\"]}");
        cut(
                plan,
                "help@acme.example, help@acme.example.org, call " + MAIL + " now, call " + MAIL + " nowhere",
                "help@acme.example, [EMAIL removed], call " + MAIL + " now, call [EMAIL removed] nowhere");
    }

    @Test
    void deniedValueWhenAllowedAsWellThenLeftOut() throws Exception {
        cut(
                plan("{\"deny\":{\"CUSTOM\":[\"red fox\"]},\"allow\":[\"the red fox jumps\"]}"),
                "the red fox jumps",
                "the [CUSTOM removed] jumps");
    }

    @Test
    void listedWordsWhenTheyOnlyBeginThenTheTextGoesOut() throws Exception {
        AnswerPlan plan = plan("{\"deny\":{\"CUSTOM\":[\"to be or not to be\"]}}");
        RedactingStream stream = open(plan, "");
        assertThat(stream.feed("to be or not ")).isEmpty();
        assertThat(stream.feed("at all, ")).isEqualTo("to be or not at all, ");
    }

    @ParameterizedTest
    @CsvSource({"0.3", "0.5", "0.7", "0.9", "1"})
    void thresholdWhenAnyThenWhatComesToItIsLeftOut(String threshold) throws Exception {
        AnswerPlan plan = plan(
                "{\"actions\":{\"*\":\"remove\"},\"thresholds\":{\"*\":" + threshold + ",\"EMAIL\":1,\"PERSON\":0.7}}");
        for (String text : List.of(
                "12345678911 was given to me as my steuer-id, some time ago, it is said. ",
                "86095742719 or so; born on 1.2.1980, call 555-123-4567 or mail " + MAIL + ". Jane Doe met Will. ",
                "phone of it: 030 901820, passport C01X00T47, ssn 536-22-8726 and 536228726 too. ")) {
            cut(plan, text, whole(plan, text));
        }
    }

    @Test
    void languageWhenThePolicyNamesSeveralThenRulesAtHomeInAnyAreSurer() throws Exception {
        String text = "the card of it is 86095742719, steuer-id. ";
        double without = score("{\"actions\":{\"*\":\"remove\"}}", text);
        double with = score("{\"actions\":{\"*\":\"remove\"},\"languages\":[\"en\",\"de\"]}", text);
        double other = score("{\"actions\":{\"*\":\"remove\"},\"languages\":[\"en\",\"fr\"]}", text);
        assertThat(with).isGreaterThan(without);
        assertThat(other).isEqualTo(without);
        double between = (with + without) / 2;
        for (String languages : List.of("[\"de\",\"pl\"]", "[\"pl\"]")) {
            AnswerPlan plan = plan("{\"actions\":{\"*\":\"remove\"},\"thresholds\":{\"*\":" + between
                    + "},\"languages\":" + languages + "}");
            String expected = whole(plan, text);
            assertThat(expected.contains("86095742719")).isEqualTo(!languages.contains("de"));
            cut(plan, text, expected);
        }
    }

    @Test
    void valueUnderASensitiveKeyWhenAllowedThenStaysOnlyWhenItIsAll() throws Exception {
        AnswerPlan plan = plan("{\"actions\":{\"*\":\"remove\"},\"allow\":[\"help desk\",\"help desk at acme\"]}");
        under("first name", plan, "Help  Desk", "Help  Desk");
        under("first name", plan, "help desk at acme", "help desk at acme");
        under("first name", plan, "help desk at", "[PERSON removed]");
        under("first name", plan, "help desks", "[PERSON removed]");
        under("first name", plan, " help desk", "[PERSON removed]");
        under("first name", plan, "help", "[PERSON removed]");
        under("password", plan, "help desk", "help desk");
        under("first name", plan, "\u200B", "[PERSON removed]");
    }

    @Test
    void opaquePartWhenItLooksDeniedThenStays() throws Exception {
        AnswerPlan plan = plan("{\"deny\":{\"CUSTOM\":[\"person\",\"is 7K\"]}}");
        Opaque opaque = (text, at) -> {
            String name = "PERSON_7K2Q9F";
            int length = Math.min(name.length(), text.length() - at);
            if (!name.startsWith(text.subSequence(at, at + length).toString())) {
                return Opaque.NONE;
            }
            return length == name.length() ? at + length : Opaque.OPEN;
        };
        new Cutting(() -> DETECTION.streams(plan).open("", opaque, EveryExampleTest::standIn))
                .everywhere("a person is PERSON_7K2Q9F. ", "a [CUSTOM removed] is PERSON_7K2Q9F. ");
    }

    @Test
    void labelWhenUnknownThenTheStrictestOfAllIsLeftOut() throws Exception {
        RedactionPolicy policy = policy("""
                {"labels":{"public":{"actions":{"*":"keep","PASSWORD":"keep"},"allow":["jane@acme.example"]},
                           "internal":{"actions":{"EMAIL":"mask"},"deny":{"CUSTOM":["Falcon"]}}}}""");
        String text = "Falcon of " + MAIL + ", password: hunter2x. ";
        cut(policy.plan("public").answers(_ -> true), text, text);
        cut(
                policy.plan("other").answers(_ -> false),
                text,
                "[CUSTOM removed] of [EMAIL removed], password: hunter2x. ");
        cut(
                policy.plan("other").answers(_ -> true),
                text,
                "[CUSTOM removed] of [EMAIL removed], password: [PASSWORD removed]. ");
    }

    private static double score(String label, String text) throws PolicyRejected {
        return DETECTION.detect(text, "", plan(label)).getFirst().score();
    }

    private static void under(String key, AnswerPlan plan, String text, String expected) {
        assertThat(EveryExampleTest.redacted(text, DETECTION.detect(text, key, plan)))
                .isEqualTo(expected);
        StreamRedaction streams = DETECTION.streams(plan);
        new Cutting(() -> streams.open(key, Opaque.NOTHING, EveryExampleTest::standIn)).everywhere(text, expected);
    }

    private static void cut(AnswerPlan plan, String text, String expected) {
        assertThat(whole(plan, text)).isEqualTo(expected);
        StreamRedaction streams = DETECTION.streams(plan);
        new Cutting(() -> streams.open("", Opaque.NOTHING, EveryExampleTest::standIn)).everywhere(text, expected);
    }

    private static String whole(AnswerPlan plan, String text) {
        return EveryExampleTest.redacted(text, DETECTION.detect(text, "", plan));
    }

    private static RedactingStream open(AnswerPlan plan, String key) {
        return DETECTION.streams(plan).open(key, Opaque.NOTHING, EveryExampleTest::standIn);
    }

    /// What the policy leaves open stays.
    private static AnswerPlan plan(String label) throws PolicyRejected {
        return policy("{\"labels\":{\"internal\":" + label + "}}").plan("").answers(_ -> false);
    }

    private static RedactionPolicy policy(String json) throws PolicyRejected {
        return RedactionPolicy.parse(json, DETECTION);
    }
}
