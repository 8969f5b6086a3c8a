package dev.postern.redacting.engine;

import static dev.postern.redacting.answer.AnswerPolicy.Treatment.KEEP;
import static dev.postern.redacting.answer.AnswerPolicy.Treatment.REDACT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.policy.Plan;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.prompt.Prompt;
import dev.postern.redacting.prompt.RedactedPrompt;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.RootStore;
import dev.postern.redacting.pseudonym.VaultSettings;
import dev.postern.test.MutableClock;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RedactionEngineTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Detection DETECTION = Detection.standard();
    private static final Terms TERMS =
            Terms.of(Plan.standard(DETECTION.entities()), DETECTION, new AnswerPolicy(REDACT, KEEP, KEEP));
    private final RedactionEngine engine = new RedactionEngine(
            new ConversationVault(
                    new VaultSettings(Duration.ofMinutes(10), Duration.ofDays(1), 100, 1000, 10_000),
                    RootStore.none(),
                    new SecureRandom(),
                    MutableClock.atNoon()),
            (_, _) -> TERMS,
            new EngineSettings(200_000, 100_000));

    @Test
    void chatIsRedactedEverywhereButInItsGrammar() throws ExchangeRefused {
        String body = """
            {"model":"gpt-4.1","temperature":0.70,"user":"jane.doe","metadata":{"case":"4711"},
             "messages":[
              {"role":"system","content":"You help Jane Doe."},
              {"role":"user","name":"jane","content":[{"type":"text","text":"Mail jane.doe@acme.example, card 4111 1111 1111 1111"}]},
              {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"send_mail",
                "arguments":"{\\"to\\": \\"jane.doe@acme.example\\", \\"phone\\": 2025550143, \\"n\\": 3}"}}]},
              {"role":"tool","tool_call_id":"call_1","content":"{\\"last_name\\": \\"Zorblatt\\", \\"Jane Doe\\": true, \\"password\\": \\"tiger\\"}"},
              {"role":"user","content":"Doe says her password is hunter2. Key: sk-proj-4f9aQ2mZx81LrT0bVn7KcE3w"}]}
            """;
        OpenExchange exchange = open("", body);
        String redacted = text(exchange.prompt());
        assertThat(redacted)
                .doesNotContain(
                        "Jane", "Doe", "jane", "acme", "4111", "2025550143", "Zorblatt", "tiger", "hunter2", "4f9aQ2")
                .doesNotContain("4711")
                .contains("\"temperature\":0.70", "\"model\":\"gpt-4.1\"", "[PASSWORD removed]", "[API_KEY removed]");
        JsonNode json = JSON.readTree(redacted);
        String arguments =
                json.at("/messages/2/tool_calls/0/function/arguments").stringValue();
        String mail = JSON.readTree(arguments).path("to").stringValue();
        assertThat(mail).matches("EMAIL_.{6}");
        assertThat(json.at("/messages/1/content/0/text").stringValue()).contains(mail);
        assertThat(JSON.readTree(arguments).path("n").intValue()).isEqualTo(3);
        assertThat(json.at("/messages/2/tool_calls/0/function/name").stringValue())
                .isEqualTo("send_mail");
        assertThat(exchange.prompt().found()).containsEntry("EMAIL", 2).containsEntry("CARD", 1);
        assertThat(exchange.prompt().toString()).doesNotContain("EMAIL_");
    }

    @Test
    void completionsAndEmbeddingsAreRedacted() throws ExchangeRefused {
        assertThat(text(open("", "{\"prompt\":\"call 555-123-4567\"}").prompt()))
                .doesNotContain("4567");
        assertThat(text(open("", "{\"prompt\":[\"a@b.example\",\"x\"]}").prompt()))
                .doesNotContain("a@b");
        assertThat(text(open("", "{\"input\":[\"a@b.example\"],\"encoding_format\":\"float\"}")
                        .prompt()))
                .doesNotContain("a@b")
                .contains("\"float\"");
    }

    @Test
    void structuralFieldWithForeignContentIsText() throws ExchangeRefused {
        assertThat(text(open("", "{\"model\":\"a@b.example\",\"messages[].role\":\"c@d.example\"}")
                        .prompt()))
                .doesNotContain("a@b", "c@d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\":{\"card\":4111111111111111}}",
                "{\"metadata\":{\"card\":-4111111111111111}}",
                "{\"metadata\":{\"card\":4111111111111111.0}}",
                "{\"metadata\":{\"card\":4.111111111111111e15}}",
                "{\"tools\":[{\"function\":{\"parameters\":{\"properties\":{\"card\":{\"default\":4111111111111111}}}}}]}",
                "{\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"4111-1111-1111-1111\",\"content\":\"x\"}]}",
                "{\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"4111111111111111\"}}}",
                "{\"messages\":[{\"role\":\"4111111111111111\",\"content\":\"x\"}]}"
            })
    void cardsInNumbersAndNamesAreReplacedByStrings(String body) throws ExchangeRefused {
        String redacted = text(open("", body).prompt());
        assertThat(redacted).containsPattern("\"CARD_\\w{6}\"").doesNotContain("1111");
        assertThat(JSON.readTree(redacted).isObject()).isTrue();
    }

    @Test
    void valuesFoundElsewhereAreReplacedInNumbersAndNames() throws ExchangeRefused {
        String redacted = text(open("", """
            {"messages":[{"role":"user","content":"password: 73915526x, card 4111 1111 1111 1111, mail q-7@acme.example"},
             {"role":"tool","tool_call_id":"73915526x","content":"{}"}],"n":2}
            """).prompt());
        assertThat(redacted).doesNotContain("73915526x").contains("\"n\":2", "\"role\":\"user\"");
    }

    @Test
    void grammarStaysAsItIs() throws ExchangeRefused {
        String body = """
            {"model":"gpt-4o-mini-2024-07-18","max_tokens":4096,"seed":1234567890123,"temperature":0.7000000000000001,"logit_bias":{"50256":-100},
             "created":1764000000,"service_tier":"auto","response_format":{"type":"json_schema","json_schema":{"name":"Answer_v2","schema":
              {"type":"object","properties":{"n":{"type":"integer","maximum":2147483647,"minimum":-9007199254740991}}}}},
             "tools":[{"type":"function","function":{"name":"getWeather"}}],"tool_choice":{"type":"function","function":{"name":"getWeather"}},
             "messages":[{"role":"assistant","tool_calls":[{"id":"call_9f8Xk2LmQ7rT3vWzY1bNc4Dp","type":"function",
              "function":{"name":"getWeather","arguments":"{\\"n\\":12345678}"}},{"id":"chatcmpl-tool-4f9aa1b2c3d44e5f8a9b0c1d2e3f4a5b","type":"function","function":{"name":"x","arguments":"{}"}},
              {"id":"9f1b4c1e-6a52-4a3a-8d5f-0a1b2c3d4e5f","type":"function","function":{"name":"x","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"call_9f8Xk2LmQ7rT3vWzY1bNc4Dp","content":"{\\"celsius\\":21.123456789}"}]}
            """;
        assertThat(text(open("", body).prompt())).isEqualTo(body);
    }

    @Test
    void tooManyLeavesAreRefusedWhereverTheyStand() {
        String zeros = "[0" + ",0".repeat(30_000) + "]";
        assertThatThrownBy(() -> open("", "{\"a\":[" + zeros + "," + zeros + "]}"))
                .hasMessage("too-large");
        assertThatThrownBy(() -> open("", "{\"a\":\"" + zeros + "\",\"b\":\"" + zeros + "\"}"))
                .hasMessage("too-large");
    }

    @Test
    void laterTurnsOfOneChatKeepTheirPseudonyms() throws ExchangeRefused {
        String first = "{\"role\":\"user\",\"content\":\"I am Jane Doe\"}";
        String one = text(open("", "{\"messages\":[" + first + "]}").prompt());
        String two = text(open(
                        "",
                        "{\"messages\":[" + first
                                + ",{\"role\":\"assistant\",\"content\":\"Hello\"},{\"role\":\"user\",\"content\":\"bye,"
                                + " Jane Doe\"}]}")
                .prompt());
        String pseudonym = one.replaceAll("(?s).*(PERSON_\\w{6}).*", "$1");
        assertThat(two).contains("I am " + pseudonym, "bye, " + pseudonym);
        String named = text(open("other", "{\"messages\":[" + first + "]}").prompt());
        assertThat(named).doesNotContain(pseudonym);
    }

    /// What it was found by, a word beside it, is not said again.
    @Test
    void valueOfAnEarlierTurnIsHiddenWithoutItsContext() throws ExchangeRefused {
        String first = text(
                open("tax", "{\"prompt\":\"My Steuer-ID is 86095742719.\"}").prompt());
        String pseudonym = first.replaceAll("(?s).*(TAXID_\\w{6}).*", "$1");
        assertThat(text(open("tax", "{\"prompt\":\"Is 86095742719 right?\"}").prompt()))
                .contains("Is " + pseudonym + " right?");
        assertThat(text(open("other", "{\"prompt\":\"Is 86095742719 right?\"}").prompt()))
                .as("by itself it says nothing")
                .contains("86095742719");
    }

    @Test
    void answerIsRestoredForWhatThePromptHeldAndForSentBackPseudonyms() throws ExchangeRefused {
        OpenExchange exchange = open("conv", "{\"messages\":[{\"role\":\"user\",\"content\":\"I am Jane Doe\"}]}");
        String pseudonym = text(exchange.prompt()).replaceAll("(?s).*(PERSON_\\w{6}).*", "$1");
        byte[] answer = ("{\"choices\":[{\"message\":{\"content\":\"Hello " + pseudonym + "\"}}]}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(exchange.answer(answer, true, false))
                .singleElement()
                .satisfies(out ->
                        assertThat(new String(out, StandardCharsets.UTF_8)).contains("Hello Jane Doe"));
        OpenExchange next = open("conv", "{\"messages\":[{\"role\":\"user\",\"content\":\"And " + pseudonym + "?\"}]}");
        assertThat(text(next.prompt())).contains(pseudonym);
        assertThat(new String(next.answer(answer, true, false).getFirst(), StandardCharsets.UTF_8))
                .contains("Hello Jane Doe");
    }

    @Test
    void foreignPseudonymIsNotRestored() throws ExchangeRefused {
        OpenExchange owner = open("conv", "{\"messages\":[{\"role\":\"user\",\"content\":\"I am Jane Doe\"}]}");
        String pseudonym = text(owner.prompt()).replaceAll("(?s).*(PERSON_\\w{6}).*", "$1");
        OpenExchange thief = engine.open(new Prompt(
                "other",
                "demo",
                "conv",
                "",
                ("{\"prompt\":\"Who is " + pseudonym + "\"}").getBytes(StandardCharsets.UTF_8)));
        byte[] answer = ("{\"choices\":[{\"text\":\"" + pseudonym + "\"}]}").getBytes(StandardCharsets.UTF_8);
        assertThat(new String(thief.answer(answer, true, false).getFirst(), StandardCharsets.UTF_8))
                .contains(pseudonym);
        assertThat(thief.restored().unknown()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1e99999999999}",
                "{\"a\":-1e-99999999999}",
                "{\"a\":100e2147483647}",
                "{\"prompt\":\"[1e99999999999]\"}"
            })
    void numberWhenItsExponentCannotBeReadThenRefused(String body) {
        assertThatThrownBy(() -> open("", body)).hasMessage("malformed");
    }

    /// Whichever of the two a reader takes.
    @Test
    void memberOfJsonInAStringWhenItStandsTwiceThenBothAreRedacted() throws ExchangeRefused {
        String arguments = "{\"to\":\"jane\\u0040acme.example\",\"to\":\"joe\\u0040acme.example\",\"n\":3}";
        String redacted = text(open("", "{\"prompt\":" + JSON.writeValueAsString(arguments) + "}")
                .prompt());
        assertThat(JSON.readTree(redacted).path("prompt").stringValue())
                .matches("\\{\"to\":\"EMAIL_\\w{6}\",\"to\":\"EMAIL_\\w{6}\",\"n\":3}");
    }

    @Test
    void halvesOfSurrogatePairsInJsonInAStringStay() throws ExchangeRefused {
        String redacted = text(open("", "{\"prompt\":\"{\\\"a\\\":\\\"\\ud83d jane@acme.example \\ude00\\\"}\"}")
                .prompt());
        String inner = JSON.readTree(redacted).path("prompt").stringValue();
        assertThat(JSON.readTree(inner).path("a").stringValue()).matches("\ud83d EMAIL_\\w{6} \ude00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"a\":1,\"a\":2}", "{\"input\":[1,2]}", "{\"prompt\":[[1]]}", "nonsense"})
    void whatCannotBeReadIsRefused(String body) {
        assertThatThrownBy(() -> open("", body)).hasMessage("malformed");
    }

    @Test
    void tooLargePromptsAndAnswersAreRefused() throws ExchangeRefused {
        assertThatThrownBy(() -> open("", "{\"a\":\"" + "x".repeat(200_000) + "\"}"))
                .hasMessage("too-large");
        OpenExchange exchange = open("", "{}");
        assertThatThrownBy(() -> exchange.answer(new byte[100_001], false, false))
                .isInstanceOf(ExchangeRefused.class);
    }

    private OpenExchange open(String conversation, String body) throws ExchangeRefused {
        return engine.open(new Prompt("acme", "demo", conversation, "", body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(RedactedPrompt prompt) {
        return new String(prompt.body(), StandardCharsets.UTF_8);
    }
}
