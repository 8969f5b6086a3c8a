package dev.postern.redacting.engine;

import static dev.postern.redacting.answer.AnswerPolicy.Treatment.KEEP;
import static dev.postern.redacting.answer.AnswerPolicy.Treatment.REDACT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.policy.Plan;
import dev.postern.redact.policy.PolicyRejected;
import dev.postern.redact.policy.RedactionPolicy;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.json.JsonStrings;
import dev.postern.redacting.prompt.Prompt;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.RootStore;
import dev.postern.redacting.pseudonym.VaultSettings;
import dev.postern.test.MutableClock;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What a tenant's policy leaves out of answers, by the label of the prompt: in a stream that is cut anywhere the same
/// as in a whole answer, and nothing goes out that is left out later.
final class AnswersByPolicyTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Detection DETECTION = Detection.standard();
    private static final AnswerPolicy DEFAULT = new AnswerPolicy(REDACT, KEEP, KEEP);
    private static final String POLICY = """
            {"labels":{
              "public":{"actions":{"*":"keep","SECRET":"keep"},"allow":["help@acme.example"]},
              "internal":{"actions":{"EMAIL":"mask","LOCATION":"remove"},"allow":["help@acme.example"],
                          "deny":{"CUSTOM":["Budget Draft"]}},
              "restricted":{"actions":{"*":"remove","PERSON":"pseudonymise"}}}}
            """;
    /// `%s` is the pseudonym of a person whom the prompt names.
    private static final String ANSWER = "Dear %s of budget  draft, mail bob@example.org or help@acme.example, "
            + "password: hunter2x. Karl Miller lives in Berlin. ";
    private static final String TOLD = "Dear Jane Doe of ";

    private final ConversationVault vault = new ConversationVault(
            new VaultSettings(Duration.ofMinutes(10), Duration.ofDays(1), 100, 1000, 10_000),
            RootStore.none(),
            new SecureRandom(),
            MutableClock.atNoon());
    private final RedactionPolicy policy;
    private final Map<Plan, Terms> terms = new HashMap<>();

    AnswersByPolicyTest() throws PolicyRejected {
        policy = RedactionPolicy.parse(POLICY, DETECTION);
    }

    @Test
    void answerWhenThePolicyHidesThenAsItSaysForTheLabel() throws Exception {
        assertAnswered(
                "internal",
                DEFAULT,
                TOLD + "[CUSTOM removed], mail [EMAIL removed] or help@acme.example, password: [PASSWORD removed]. "
                        + "Karl Miller lives in [LOCATION removed]. ");
    }

    @Test
    void answerWhenTheLabelHasAPolicyOfItsOwnThenByThat() throws Exception {
        assertAnswered(
                "restricted",
                DEFAULT,
                TOLD + "budget  draft, mail [EMAIL removed] or [EMAIL removed], password: [PASSWORD removed]. "
                        + "Karl Miller lives in [LOCATION removed]. ");
    }

    @Test
    void answerWhenTheLabelIsUnknownThenByTheStrictest() throws Exception {
        assertAnswered(
                "no-such-label",
                DEFAULT,
                TOLD + "[CUSTOM removed], mail [EMAIL removed] or [EMAIL removed], password: [PASSWORD removed]. "
                        + "Karl Miller lives in [LOCATION removed]. ");
    }

    @Test
    void answerWhenThePolicyLeavesItOpenThenAsConfigured() throws Exception {
        assertAnswered(
                "restricted",
                new AnswerPolicy(KEEP, KEEP, REDACT),
                TOLD + "budget  draft, mail [EMAIL removed] or [EMAIL removed], password: hunter2x. "
                        + "[PERSON removed] lives in [LOCATION removed]. ");
    }

    @Test
    void answerWhenThePolicyKeepsAllThenAsTheModelWroteIt() throws Exception {
        OpenExchange exchange = open("public", new AnswerPolicy(REDACT, REDACT, REDACT));
        String answer = "{\"choices\":[{\"index\":0,\"message\":{\"content\":" + JsonStrings.quoted(ANSWER) + "}}]}";
        assertThat(exchange.answer(bytes(answer), true, false)).containsExactly(bytes(answer));
    }

    @Test
    void toolCallWhenItsArgumentsHoldValuesThenAsThePolicySays() throws Exception {
        OpenExchange exchange = open("internal", DEFAULT);
        String arguments = "{\"email\":\"help@acme.example\",\"to\":\"bob@example.org\",\"Budget Draft\":1}";
        List<byte[]> out = new ArrayList<>();
        for (int i = 0; i < arguments.length(); i++) {
            out.addAll(exchange.answer(
                    bytes(
                            "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":"
                                    + JsonStrings.quoted(arguments.substring(i, i + 1)) + "}}]}}]}"),
                    i == arguments.length() - 1,
                    true));
        }
        assertThat(joined(out, "/delta/tool_calls/0/function/arguments"))
                .isEqualTo("{\"email\":\"help@acme.example\",\"to\":\"[EMAIL removed]\",\"[CUSTOM removed]\":1}");
    }

    private void assertAnswered(String label, AnswerPolicy open, String expected) throws Exception {
        OpenExchange whole = open(label, open);
        String answer = ANSWER.formatted(pseudonym(whole));
        List<byte[]> document = whole.answer(
                bytes("{\"choices\":[{\"index\":0,\"message\":{\"content\":" + JsonStrings.quoted(answer) + "}}]}"),
                true,
                false);
        assertThat(joined(document, "/message/content")).isEqualTo(expected);
        assertThat(whole.removed()).isNotEmpty();
        for (int cut = 0; cut <= answer.length(); cut++) {
            OpenExchange streamed = open(label, open);
            List<byte[]> out = new ArrayList<>(streamed.answer(event(answer.substring(0, cut)), false, true));
            assertThat(expected).as("cut at %d", cut).startsWith(joined(out, "/delta/content"));
            out.addAll(streamed.answer(event(answer.substring(cut)), true, true));
            assertThat(joined(out, "/delta/content")).as("cut at %d", cut).isEqualTo(expected);
        }
    }

    private static String pseudonym(OpenExchange exchange) {
        return exchange.prompt().live().keySet().iterator().next();
    }

    private OpenExchange open(String label, AnswerPolicy open) throws Exception {
        PolicySource source =
                (_, asked) -> terms.computeIfAbsent(policy.plan(asked), plan -> Terms.of(plan, DETECTION, open));
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"I am Jane Doe\"}]}";
        return new RedactionEngine(vault, source, new EngineSettings(200_000, 100_000))
                .open(new Prompt("acme", "demo", "c", label, bytes(body)));
    }

    private static String joined(List<byte[]> out, String pointer) {
        StringBuilder text = new StringBuilder();
        for (byte[] each : out) {
            text.append(JSON.readTree(each).at("/choices/0" + pointer).stringValue(""));
        }
        return text.toString();
    }

    private static byte[] event(String text) {
        return bytes("{\"choices\":[{\"index\":0,\"delta\":{\"content\":" + JsonStrings.quoted(text) + "}}]}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
