package dev.postern.redacting.answer;

import static dev.postern.redacting.answer.AnswerPolicy.Treatment.KEEP;
import static dev.postern.redacting.answer.AnswerPolicy.Treatment.REDACT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.policy.Plan;
import dev.postern.redacting.json.JsonStrings;
import dev.postern.redacting.pseudonym.Original;
import dev.postern.redacting.pseudonym.PseudonymPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the model wrote itself is left out of streams and documents; what the caller's prompt held comes back.
final class RedactedAnswerTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Detection DETECTION = Detection.standard();
    private static final Plan STANDARD = Plan.standard(DETECTION.entities());
    private static final Map<AnswerPolicy, AnswerRedaction.Opener> OPENERS = new HashMap<>();
    private static final LivePseudonyms LIVE = LivePseudonyms.of(Map.of(
            "PERSON_7K2Q9F", new Original("PERSON", "Jane \"JJ\" Doe"),
            "EMAIL_0A1B2C", new Original("EMAIL", "jane@acme.example")));
    private static final String TOKEN = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";

    @Test
    void inventedValuesGoAndRestoredOnesStayWhereverTheTextIsCut() throws AnswerRefused {
        String answer = "Dear PERSON_7K2Q9F, use " + TOKEN + " or mail bob@example.org, not EMAIL_0A1B2C. Yours";
        String expected =
                "Dear Jane \"JJ\" Doe, use [ACCESS_TOKEN removed] or mail [EMAIL removed], not jane@acme.example. Yours";
        for (int cut = 0; cut <= answer.length(); cut++) {
            StreamedAnswer stream = new StreamedAnswer(settings(REDACT, REDACT, false));
            List<byte[]> out = new ArrayList<>(stream.accept(content(0, answer.substring(0, cut))));
            assertThat(expected).startsWith(texts(out).getOrDefault("0", ""));
            out.addAll(stream.accept(content(0, answer.substring(cut))));
            out.addAll(stream.accept(event("{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}")));
            assertThat(texts(out)).containsEntry("0", expected);
            assertThat(stream.finish()).isEmpty();
            assertThat(stream.removed()).isEqualTo(Map.of("ACCESS_TOKEN", 1, "EMAIL", 1));
        }
        assertThat(whole("{\"role\":\"assistant\",\"content\":" + JsonStrings.quoted(answer) + "}")
                        .path("content")
                        .stringValue())
                .isEqualTo(expected);
    }

    @Test
    void choicesAndToolCallsKeepApart() throws AnswerRefused {
        StreamedAnswer stream = new StreamedAnswer(settings(REDACT, REDACT, false));
        List<byte[]> out = new ArrayList<>();
        out.addAll(stream.accept(content(0, "mail bob@exam")));
        out.addAll(stream.accept(content(1, "card 4111 1111 ")));
        out.addAll(stream.accept(arguments(0, "{\"to\":\"bob@exam")));
        out.addAll(stream.accept(arguments(1, "{\"api_key\":\"")));
        assertThat(texts(out))
                .containsEntry("0", "mail ")
                .containsEntry("1", "card ")
                .containsEntry("0/tool0", "{\"to\":\"")
                .containsEntry("0/tool1", "{\"api_key\":\"");
        out.addAll(stream.accept(content(1, "1111 1111.")));
        out.addAll(stream.accept(content(0, "ple.org!")));
        out.addAll(stream.accept(arguments(1, "anything\"}")));
        out.addAll(stream.accept(arguments(0, "ple.org\",\"of\":\"PERSON_7K2Q9F\"}")));
        out.addAll(stream.finish());
        assertThat(texts(out))
                .containsEntry("0", "mail [EMAIL removed]!")
                .containsEntry("1", "card [CARD removed].")
                .containsEntry("0/tool0", "{\"to\":\"[EMAIL removed]\",\"of\":\"Jane \\\"JJ\\\" Doe\"}")
                .containsEntry("0/tool1", "{\"api_key\":\"[API_KEY removed]\"}");
    }

    @Test
    void policySaysWhatIsLeftOut() throws AnswerRefused {
        String answer = "mail bob@example.org or use " + TOKEN + " now";
        assertThat(streamed(answer, settings(REDACT, KEEP, false)))
                .isEqualTo("mail bob@example.org or use [ACCESS_TOKEN removed] now");
        assertThat(streamed(answer, settings(KEEP, REDACT, false)))
                .isEqualTo("mail [EMAIL removed] or use " + TOKEN + " now");
        assertThat(streamed(answer, settings(KEEP, KEEP, false))).isEqualTo(answer);
    }

    @Test
    void contentThatWasAskedForAsJsonIsReadAsJson() throws AnswerRefused {
        assertThat(streamed("{\"mail\":\"bob\\u0040example.org\"}", settings(REDACT, REDACT, true)))
                .isEqualTo("{\"mail\":\"[EMAIL removed]\"}");
    }

    @Test
    void logProbabilitiesWouldSpellTheValueAndAreDropped() throws AnswerRefused {
        byte[] event = event(
                "{\"index\":0,\"delta\":{\"content\":\"x \"},\"logprobs\":{\"content\":[{\"token\":\"ghp_16C7e42F29\","
                        + "\"logprob\":-1,\"bytes\":[103],\"top_logprobs\":[]}]},\"finish_reason\":null}");
        StreamedAnswer stream = new StreamedAnswer(settings(REDACT, KEEP, false));
        JsonNode choice = JSON.readTree(stream.accept(event).getFirst()).at("/choices/0");
        assertThat(choice.path("logprobs").isNull()).isTrue();
        assertThat(choice.at("/delta/content").stringValue()).isEqualTo("x ");
        assertThat(new StreamedAnswer(settings(KEEP, KEEP, false)).accept(event))
                .containsExactly(event);
    }

    /// Whatever it is called, and with null or a part of other content beside it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":null,\"refusal\":%s}",
                "{\"content\":null,\"reasoning_content\":%s}",
                "{\"role\":\"assistant\",\"reasoning\":{\"summary\":%s}}",
                "{\"content\":[{\"type\":\"text\",\"text\":%s}]}",
                "{\"content\":[{\"type\":\"image_url\",\"image_url\":null},{\"type\":\"text\",\"text\":%s}]}",
                "{\"function_call\":{\"name\":\"send\",\"arguments\":%s}}"
            })
    void growingTextOfADeltaIsRedactedAndRestoredWhereverItIsCut(String delta) throws AnswerRefused {
        String answer = "use " + TOKEN + ", PERSON_7K2Q9F";
        for (int cut = 0; cut <= answer.length(); cut++) {
            StreamedAnswer stream = new StreamedAnswer(settings(REDACT, KEEP, false));
            List<byte[]> out = new ArrayList<>();
            for (String piece : List.of(answer.substring(0, cut), answer.substring(cut))) {
                out.addAll(stream.accept(
                        event("{\"index\":0,\"delta\":" + delta.formatted(JsonStrings.quoted(piece)) + "}")));
            }
            out.addAll(stream.finish());
            String all = out.stream()
                    .map(event -> String.join("", strings(JSON.readTree(event).at("/choices/0/delta"))))
                    .collect(Collectors.joining());
            assertThat(all)
                    .isEqualTo(
                            delta.contains("arguments")
                                    ? "use [ACCESS_TOKEN removed], Jane \\\"JJ\\\" Doe"
                                    : "use [ACCESS_TOKEN removed], Jane \"JJ\" Doe");
        }
    }

    /// Some servers send them as an object: what is an identifier of the API elsewhere is the model's own there.
    @Test
    void argumentsWhenTheyAreAnObjectThenTheirMembersAreNoGrammar() throws AnswerRefused {
        String call = "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":{\"id\":\"" + TOKEN
                + "\",\"embedding\":\"" + TOKEN + "\"}}}]}";
        assertThat(whole(call).toString()).doesNotContain("ghp_").contains("[ACCESS_TOKEN removed]");
        StreamedAnswer stream = new StreamedAnswer(settings(REDACT, REDACT, false));
        List<byte[]> out = new ArrayList<>(stream.accept(event("{\"index\":0,\"delta\":" + call + "}")));
        out.addAll(stream.finish());
        assertThat(out).noneMatch(event -> new String(event, StandardCharsets.UTF_8).contains("ghp_"));
    }

    @Test
    void argumentsWhenTheyAreAnObjectThenTheirMembersNamesAreContext() throws AnswerRefused {
        String call = "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":{\"login\":{\"password\":\"horse\"},"
                + "\"notes\":[\"horse\"]}}}]}";
        String redacted = "{\"login\":{\"password\":\"[PASSWORD removed]\"},\"notes\":[\"horse\"]}";
        assertThat(whole(call).at("/tool_calls/0/function/arguments")).hasToString(redacted);
        StreamedAnswer stream = new StreamedAnswer(settings(REDACT, REDACT, false));
        List<byte[]> out = new ArrayList<>(stream.accept(event("{\"index\":0,\"delta\":" + call + "}")));
        out.addAll(stream.finish());
        assertThat(out.stream()
                        .map(event -> new String(event, StandardCharsets.UTF_8))
                        .toList()
                        .toString())
                .contains("[PASSWORD removed]")
                .containsOnlyOnce("horse");
    }

    @Test
    void grammarAndDataOfTheApiAreLeftAlone() throws AnswerRefused {
        byte[] document = ("{\"id\":\"" + TOKEN + "\",\"object\":\"list\",\"data\":[{\"embedding\":\"" + TOKEN
                        + "\"}],\"usage\":{\"total_tokens\":4111111111111111}}")
                .getBytes(StandardCharsets.UTF_8);
        WholeAnswer whole = new WholeAnswer(settings(REDACT, REDACT, false));
        whole.accept(document);
        assertThat(whole.finish()).containsExactly(document);
    }

    @Test
    void responsesStreamHoldsPerItemAndCountsWhatItPutsIn() throws AnswerRefused {
        StreamedAnswer stream = new StreamedAnswer(settings(REDACT, REDACT, false));
        List<byte[]> out = new ArrayList<>();
        out.addAll(stream.accept(delta(4, "output_text", 0, "Hi PERSON_7K2Q9F, bob@exam")));
        out.addAll(stream.accept(delta(5, "function_call_arguments", 1, "{\"to\":\"bob@exam")));
        out.addAll(stream.accept(delta(6, "output_text", 0, "ple.org")));
        out.addAll(stream.accept(delta(7, "function_call_arguments", 1, "ple.org\"}")));
        List<byte[]> end =
                stream.accept(bytes("{\"type\":\"response.output_text.done\",\"item_id\":\"m0\",\"output_index\":0,"
                        + "\"content_index\":0,\"text\":\"Hi PERSON_7K2Q9F, bob@example.org\",\"sequence_number\":8}"));
        assertThat(end).hasSize(2);
        JsonNode rest = JSON.readTree(end.getFirst());
        assertThat(rest.path("type").stringValue()).isEqualTo("response.output_text.delta");
        assertThat(rest.path("item_id").stringValue()).isEqualTo("m0");
        assertThat(rest.path("sequence_number").intValue()).isEqualTo(8);
        JsonNode done = JSON.readTree(end.getLast());
        assertThat(done.path("sequence_number").intValue()).isEqualTo(9);
        assertThat(done.path("text").stringValue()).isEqualTo("Hi Jane \"JJ\" Doe, [EMAIL removed]");
        out.addAll(end);
        List<byte[]> last = stream.accept(
                bytes(
                        "{\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"output\":[{\"type\":"
                                + "\"function_call\",\"arguments\":\"{\\\"to\\\":\\\"bob@example.org\\\"}\"}]},\"sequence_number\":9}"));
        assertThat(JSON.readTree(last.getLast())
                        .at("/response/output/0/arguments")
                        .stringValue())
                .isEqualTo("{\"to\":\"[EMAIL removed]\"}");
        assertThat(JSON.readTree(last.getLast()).path("sequence_number").intValue())
                .isEqualTo(10);
        Map<String, String> joined = new TreeMap<>();
        for (byte[] event : out) {
            JsonNode node = JSON.readTree(event);
            joined.merge(
                    node.path("item_id").stringValue(""), node.path("delta").stringValue(""), String::concat);
        }
        assertThat(joined)
                .containsEntry("m0", "Hi Jane \"JJ\" Doe, [EMAIL removed]")
                .containsEntry("m1", "{\"to\":\"[EMAIL removed]\"}");
    }

    private static String streamed(String answer, AnswerSettings settings) throws AnswerRefused {
        StreamedAnswer stream = new StreamedAnswer(settings);
        List<byte[]> out = new ArrayList<>();
        for (int i = 0; i < answer.length(); i++) {
            out.addAll(stream.accept(content(0, answer.substring(i, i + 1))));
        }
        out.addAll(stream.finish());
        return texts(out).getOrDefault("0", "");
    }

    private static JsonNode whole(String message) throws AnswerRefused {
        WholeAnswer whole = new WholeAnswer(settings(REDACT, REDACT, false));
        whole.accept(bytes("{\"choices\":[{\"index\":0,\"message\":" + message + "}]}"));
        return JSON.readTree(whole.finish().getFirst()).at("/choices/0/message");
    }

    private static AnswerSettings settings(
            AnswerPolicy.Treatment secrets, AnswerPolicy.Treatment personalData, boolean jsonContent) {
        AnswerRedaction.Opener opener = OPENERS.computeIfAbsent(
                new AnswerPolicy(secrets, personalData, KEEP),
                open -> AnswerRedaction.Opener.of(STANDARD, DETECTION, open));
        return new AnswerSettings(
                LIVE, jsonContent, PseudonymPattern.of(List.of("PERSON", "EMAIL")), 1 << 20, opener.open(LIVE));
    }

    /// The strings below a node that are no grammar.
    private static List<String> strings(JsonNode node) {
        List<String> strings = new ArrayList<>();
        node.properties().stream()
                .filter(member -> !Set.of("role", "type", "name").contains(member.getKey()))
                .forEach(member -> strings.addAll(strings(member.getValue())));
        node.values().stream().filter(_ -> node.isArray()).forEach(value -> strings.addAll(strings(value)));
        if (node.isString()) {
            strings.add(node.stringValue());
        }
        return strings;
    }

    /// The text of every choice and tool call, joined over the events.
    private static Map<String, String> texts(List<byte[]> events) {
        Map<String, String> texts = new TreeMap<>();
        for (byte[] event : events) {
            for (JsonNode choice : JSON.readTree(event).path("choices").values()) {
                String index = choice.path("index").asString();
                texts.merge(index, choice.at("/delta/content").stringValue(""), String::concat);
                for (JsonNode call : choice.at("/delta/tool_calls").values()) {
                    texts.merge(
                            index + "/tool" + call.path("index").asString(),
                            call.at("/function/arguments").stringValue(""),
                            String::concat);
                }
            }
        }
        return texts;
    }

    private static byte[] content(int choice, String text) {
        return event("{\"index\":" + choice + ",\"delta\":{\"content\":" + JsonStrings.quoted(text)
                + "},\"finish_reason\":null}");
    }

    private static byte[] arguments(int call, String text) {
        return event("{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":" + call + ",\"function\":{\"arguments\":"
                + JsonStrings.quoted(text) + "}}]}}");
    }

    private static byte[] delta(int sequence, String type, int item, String text) {
        return bytes("{\"type\":\"response." + type + ".delta\",\"item_id\":\"m" + item + "\",\"output_index\":" + item
                + ",\"content_index\":0,\"delta\":" + JsonStrings.quoted(text) + ",\"sequence_number\":" + sequence
                + "}");
    }

    private static byte[] event(String choice) {
        return bytes(
                "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":17,\"model\":\"m\",\"choices\":["
                        + choice + "]}");
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
