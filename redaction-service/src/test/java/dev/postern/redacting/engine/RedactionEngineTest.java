package dev.postern.redacting.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redacting.detection.Detection;
import dev.postern.redacting.prompt.Prompt;
import dev.postern.redacting.prompt.RedactedPrompt;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.PseudonymKey;
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
    private final RedactionEngine engine = new RedactionEngine(
            DETECTION,
            new ConversationVault(
                    PseudonymKey.generate(new SecureRandom()),
                    new VaultSettings(Duration.ofMinutes(10), 100, 1000),
                    MutableClock.atNoon()),
            new EngineSettings(100_000, 100_000));

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

    @Test
    void laterTurnsOfOneChatKeepTheirPseudonyms() throws ExchangeRefused {
        String first = "{\"role\":\"user\",\"content\":\"I am Jane Doe\"}";
        String one = text(open("", "{\"messages\":[" + first + "]}").prompt());
        String two = text(open(
                        "",
                        "{\"messages\":[" + first
                                + ",{\"role\":\"assistant\",\"content\":\"Hello\"},{\"role\":\"user\",\"content\":\"bye, Jane Doe\"}]}")
                .prompt());
        String pseudonym = one.replaceAll("(?s).*(PERSON_\\w{6}).*", "$1");
        assertThat(two).contains("I am " + pseudonym, "bye, " + pseudonym);
        String named = text(open("other", "{\"messages\":[" + first + "]}").prompt());
        assertThat(named).doesNotContain(pseudonym);
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
                ("{\"prompt\":\"Who is " + pseudonym + "\"}").getBytes(StandardCharsets.UTF_8)));
        byte[] answer = ("{\"choices\":[{\"text\":\"" + pseudonym + "\"}]}").getBytes(StandardCharsets.UTF_8);
        assertThat(new String(thief.answer(answer, true, false).getFirst(), StandardCharsets.UTF_8))
                .contains(pseudonym);
        assertThat(thief.restored().unknown()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"a\":1,\"a\":2}", "{\"input\":[1,2]}", "{\"prompt\":[[1]]}", "nonsense"})
    void whatCannotBeReadIsRefused(String body) {
        assertThatThrownBy(() -> open("", body)).hasMessage("malformed");
    }

    @Test
    void tooLargePromptsAndAnswersAreRefused() throws ExchangeRefused {
        assertThatThrownBy(() -> open("", "{\"a\":\"" + "x".repeat(100_000) + "\"}"))
                .hasMessage("too-large");
        OpenExchange exchange = open("", "{}");
        assertThatThrownBy(() -> exchange.answer(new byte[100_001], false, false))
                .isInstanceOf(ExchangeRefused.class);
    }

    private OpenExchange open(String conversation, String body) throws ExchangeRefused {
        return engine.open(new Prompt("acme", "demo", conversation, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(RedactedPrompt prompt) {
        return new String(prompt.body(), StandardCharsets.UTF_8);
    }
}
