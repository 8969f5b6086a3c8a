package dev.postern.redacting.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.policy.PolicyRejected;
import dev.postern.redact.policy.RedactionPolicy;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.engine.ExchangeRefused.Reason;
import dev.postern.redacting.prompt.Prompt;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.RootStore;
import dev.postern.redacting.pseudonym.VaultSettings;
import dev.postern.test.MutableClock;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What each action of a policy does wherever in a prompt a value stands.
final class PolicyMatrixTest {
    private static final Detection DETECTION = Detection.standard();
    private static final String IP = "203.0.113.77";
    private static final List<String> PLACES = List.of(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"from %s now\"}]}",
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"from %s\"}]}]}",
            "{\"messages\":[{\"role\":\"tool\",\"content\":\"{\\\"a\\\":{\\\"peer\\\":\\\"%s\\\"}}\"}]}",
            "{\"messages\":[{\"role\":\"tool\",\"content\":\"{\\\"%s\\\":1}\"}]}",
            "{\"x\":{\"from %s\":1}}",
            "{\"tools\":[{\"function\":{\"name\":\"f\",\"description\":\"asks %s\"}}]}",
            "{\"input\":[\"%s\"]}");

    private final ConversationVault vault = new ConversationVault(
            new VaultSettings(Duration.ofMinutes(10), Duration.ofDays(1), 100, 1000, 10_000),
            RootStore.none(),
            new SecureRandom(),
            MutableClock.atNoon());

    @ParameterizedTest
    @CsvSource({
        "keep, '203\\.0\\.113\\.77', 0",
        "mask, '\\*\\*\\*\\.\\*\\.\\*\\*\\*\\.77', 0",
        "generalise, '203\\.0\\.113\\.0/24', 0",
        "hash, '\\[IP #[0-9a-f]{16}]', 0",
        "pseudonymise, 'IP_[0-9A-Z]{6}', 1",
        "remove, '\\[IP removed]', 0"
    })
    void valueWhenAnywhereInAPromptThenAsTheActionSays(String action, String left, int live) throws Exception {
        for (String place : PLACES) {
            OpenExchange exchange = open("{\"actions\":{\"IP\":\"" + action + "\"}}", place.formatted(IP));
            assertThat(text(exchange)).as(place).matches(pattern(place, left));
            assertThat(exchange.prompt().live()).hasSize(live);
            assertThat(exchange.prompt().found()).hasSize(action.equals("keep") ? 0 : 1);
        }
    }

    @Test
    void valueWhenBlockedThenTheExchangeIsRefusedWithEveryKindAndNoValue() throws Exception {
        for (String place : PLACES) {
            assertBlocked("{\"actions\":{\"IP\":\"block\"}}", place.formatted(IP), "IP");
        }
        assertBlocked(
                "{\"actions\":{\"IP\":\"block\",\"CARD\":\"block\",\"PERSON\":\"block\"}}",
                "{\"messages\":[{\"role\":\"user\",\"name\":\"jane\",\"content\":\"Jane Doe\"},"
                        + "{\"role\":\"tool\",\"content\":\"{\\\"n\\\":4111111111111111,\\\"ip\\\":\\\"" + IP
                        + "\\\"}\"}]}",
                "CARD",
                "IP",
                "PERSON");
        assertBlocked(
                "{\"actions\":{\"PERSON\":\"block\"}}",
                "{\"messages\":[{\"role\":\"user\",\"name\":\"j\",\"content\":\"x\"}]}",
                "PERSON");
    }

    @Test
    void numberWhenMaskedThenAString() throws Exception {
        assertThat(text(open("{\"actions\":{\"CARD\":\"mask\"}}", "{\"metadata\":{\"card\":4111111111111111}}")))
                .contains("\"************1111\"");
    }

    @Test
    void speakerWhenPersonsAreKeptThenKeptAsWell() throws Exception {
        String body = "{\"messages\":[{\"role\":\"user\",\"name\":\"jane\",\"content\":\"Jane Doe\"}]}";
        assertThat(text(open("{\"actions\":{\"PERSON\":\"keep\"}}", body))).isEqualTo(body);
    }

    @Test
    void speakerWhenPersonsAreKeptAndItIsSomethingElseThenHidden() throws Exception {
        String body = "{\"messages\":[{\"role\":\"user\",\"name\":\"%s\",\"content\":\"x\"}]}";
        String keeping = "{\"actions\":{\"PERSON\":\"keep\",\"CUSTOM\":\"%s\"},\"deny\":{\"CUSTOM\":[\"falcon\"]}}";
        assertThat(text(open(keeping.formatted("remove"), body.formatted("ask-falcon"))))
                .contains("\"ask-[CUSTOM removed]\"");
        assertThat(text(open(keeping.formatted("remove"), body.formatted("jane@acme.example"))))
                .containsPattern("\"EMAIL_\\w{6}\"");
        assertBlocked(keeping.formatted("block"), body.formatted("falcon"), "CUSTOM");
        assertBlocked(
                "{\"actions\":{\"CUSTOM\":\"block\"},\"deny\":{\"CUSTOM\":[\"falcon\"]}}",
                body.formatted("falcon"),
                "CUSTOM");
    }

    @Test
    void speakerWhenAllowedThenStays() throws Exception {
        String body = "{\"messages\":[{\"role\":\"user\",\"name\":\"helpdesk\",\"content\":\"x\"}]}";
        assertThat(text(open("{\"allow\":[\"helpdesk\"]}", body))).isEqualTo(body);
        assertThat(text(open("{}", body))).containsPattern("\"PERSON_\\w{6}\"");
    }

    @Test
    void deniedValueWhenANameOfAMemberOrAToolThenHiddenAndRestored() throws Exception {
        OpenExchange exchange = open("{\"deny\":{\"CUSTOM\":[\"falcon\"]}}", """
            {"tools":[{"function":{"name":"ask-falcon","parameters":{"properties":{"falcon":{"type":"string"}}}}}],
             "messages":[{"role":"tool","content":"{\\"falcon\\":[\\"Falcon flies\\"]}"}]}
            """);
        String redacted = text(exchange);
        assertThat(redacted).doesNotContainIgnoringCase("falcon").contains("\"type\":\"string\"", "ask-CUSTOM_");
        String pseudonym = redacted.replaceAll("(?s).*ask-(CUSTOM_\\w{6}).*", "$1");
        assertThat(new String(
                        exchange.answer(
                                        ("{\"choices\":[{\"text\":\"" + pseudonym + "\"}]}")
                                                .getBytes(StandardCharsets.UTF_8),
                                        true,
                                        false)
                                .getFirst(),
                        StandardCharsets.UTF_8))
                .contains("falcon");
    }

    @Test
    void keptEntityWhenPseudonymisedByPolicyThenRestored() throws Exception {
        OpenExchange exchange = open(
                "{\"actions\":{\"URL\":\"pseudonymise\"}}", "{\"prompt\":\"see https://acme.example/x for more\"}");
        String pseudonym = text(exchange).replaceAll("(?s).*(URL_\\w{6}).*", "$1");
        assertThat(pseudonym).hasSize(10);
        byte[] answer = ("{\"choices\":[{\"text\":\"" + pseudonym + "\"}]}").getBytes(StandardCharsets.UTF_8);
        assertThat(new String(exchange.answer(answer, true, false).getFirst(), StandardCharsets.UTF_8))
                .contains("https://acme.example/x");
    }

    @Test
    void valueOfAnEarlierTurnWhenThePolicyHasChangedThenAsItSaysNow() throws Exception {
        String body = "{\"prompt\":\"from " + IP + "\"}";
        assertThat(text(open("{}", body))).contains("IP_");
        assertThat(text(open("{\"actions\":{\"IP\":\"keep\"}}", body))).isEqualTo(body);
        assertThat(text(open("{\"actions\":{\"IP\":\"remove\"}}", body))).contains("[IP removed]");
        assertBlocked("{\"actions\":{\"IP\":\"block\"}}", body, "IP");
    }

    private void assertBlocked(String label, String body, String... kinds) {
        assertThatThrownBy(() -> open(label, body)).isInstanceOfSatisfying(ExchangeRefused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.POLICY_BLOCKED);
            assertThat(refused.kinds()).containsExactly(kinds);
            assertThat(refused).hasMessage("policy-blocked");
        });
    }

    private OpenExchange open(String label, String body) throws ExchangeRefused, PolicyRejected {
        RedactionPolicy policy = RedactionPolicy.parse("{\"labels\":{\"internal\":" + label + "}}", DETECTION);
        return new RedactionEngine(
                        vault,
                        (_, asked) -> Terms.of(policy.plan(asked), DETECTION, AnswerPolicy.KEEP_ALL),
                        new EngineSettings(200_000, 100_000))
                .open(new Prompt("acme", "demo", "c", "", body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(OpenExchange exchange) {
        return new String(exchange.prompt().body(), StandardCharsets.UTF_8);
    }

    private static String pattern(String place, String left) {
        int at = place.indexOf("%s");
        return Pattern.quote(place.substring(0, at)) + left + Pattern.quote(place.substring(at + 2));
    }
}
