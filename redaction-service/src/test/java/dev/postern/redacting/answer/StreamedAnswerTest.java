package dev.postern.redacting.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redacting.pseudonym.Original;
import dev.postern.redacting.pseudonym.PseudonymPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class StreamedAnswerTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final AnswerSettings SETTINGS = new AnswerSettings(
            LivePseudonyms.of(Map.of(
                    "PERSON_7K2Q9F", new Original("PERSON", "Jane \"JJ\" Doe"),
                    "EMAIL_0A1B2C", new Original("EMAIL", "jane@acme.example"))),
            false,
            PseudonymPattern.of(List.of("PERSON", "EMAIL")),
            1 << 20,
            Optional.empty());
    private static final String HEAD =
            "\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":17,\"model\":\"m\"";

    @Test
    void contentCutAnywhereIsRestoredAndNothingIsEmittedEarly() throws AnswerRefused {
        String answer = "Hi PERSON_7K2Q9F, mail EMAIL_0A1B2C";
        for (int cut = 0; cut <= answer.length(); cut++) {
            StreamedAnswer stream = new StreamedAnswer(SETTINGS);
            List<byte[]> out = new ArrayList<>();
            out.addAll(stream.accept(content(0, answer.substring(0, cut))));
            assertThat(texts(out).getOrDefault("0", "")).doesNotContain("PERSON", "EMAIL_0");
            out.addAll(stream.accept(content(0, answer.substring(cut))));
            out.addAll(stream.accept(event("{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}")));
            out.addAll(stream.finish());
            assertThat(texts(out)).containsEntry("0", "Hi Jane \"JJ\" Doe, mail jane@acme.example");
        }
    }

    @Test
    void parallelChoicesAndToolCallsKeepApart() throws AnswerRefused {
        StreamedAnswer stream = new StreamedAnswer(SETTINGS);
        List<byte[]> out = new ArrayList<>();
        out.addAll(stream.accept(content(0, "PERSON_7K")));
        out.addAll(stream.accept(content(1, "EMAIL_0A")));
        out.addAll(stream.accept(arguments(0, 0, "{\\\"n\\\":\\\"PERSON_")));
        out.addAll(stream.accept(arguments(0, 1, "[\\\"EMAIL_0A1B")));
        out.addAll(stream.accept(content(1, "1B2C.")));
        out.addAll(stream.accept(arguments(0, 1, "2C\\\"]")));
        out.addAll(stream.accept(arguments(0, 0, "7K2Q9F\\\"}")));
        out.addAll(stream.accept(content(0, "2Q9F!")));
        out.addAll(stream.finish());
        assertThat(texts(out))
                .containsEntry("0", "Jane \"JJ\" Doe!")
                .containsEntry("1", "jane@acme.example.")
                .containsEntry("0/tool0", "{\"n\":\"Jane \\\"JJ\\\" Doe\"}")
                .containsEntry("0/tool1", "[\"jane@acme.example\"]");
    }

    @Test
    void heldTextGoesOutBeforeTheEventThatEndsItsChoice() throws AnswerRefused {
        StreamedAnswer stream = new StreamedAnswer(SETTINGS);
        assertThat(texts(stream.accept(content(0, "see PERSON_7K")))).containsEntry("0", "see ");
        List<byte[]> end = stream.accept(event("{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}"));
        assertThat(end).hasSize(2);
        JsonNode extra = JSON.readTree(end.getFirst());
        assertThat(extra.path("id").stringValue()).isEqualTo("chatcmpl-1");
        assertThat(extra.path("model").stringValue()).isEqualTo("m");
        assertThat(extra.path("created").intValue()).isEqualTo(17);
        assertThat(extra.at("/choices/0/delta/content").stringValue()).isEqualTo("PERSON_7K");
        assertThat(extra.at("/choices/0/finish_reason").isNull()).isTrue();
        assertThat(stream.finish()).isEmpty();
    }

    @Test
    void completionsEventThatEndsWithTextCarriesItsOwnRest() throws AnswerRefused {
        StreamedAnswer stream = new StreamedAnswer(SETTINGS);
        List<byte[]> end = stream.accept(event("{\"text\":\"to EMAIL_0A\",\"index\":0,\"finish_reason\":\"length\"}"));
        assertThat(end).hasSize(1);
        assertThat(JSON.readTree(end.getFirst()).at("/choices/0/text").stringValue())
                .isEqualTo("to EMAIL_0A");
    }

    @Test
    void streamThatJustStopsIsFlushedAtTheEnd() throws AnswerRefused {
        StreamedAnswer stream = new StreamedAnswer(SETTINGS);
        List<byte[]> out = new ArrayList<>(stream.accept(content(0, "PERSON_7K2Q9")));
        out.addAll(stream.accept(arguments(0, 3, "EMAIL_")));
        out.addAll(stream.finish());
        assertThat(texts(out)).containsEntry("0", "PERSON_7K2Q9").containsEntry("0/tool3", "EMAIL_");
    }

    @Test
    void untouchedEventsAreTheSameBytesAndUsageEventsPass() throws AnswerRefused {
        StreamedAnswer stream = new StreamedAnswer(SETTINGS);
        byte[] usage =
                ("{ " + HEAD + ", \"choices\":[],\"usage\":{\"total_tokens\":12}}").getBytes(StandardCharsets.UTF_8);
        assertThat(stream.accept(usage)).containsExactly(usage);
        byte[] plain = content(0, "plain");
        assertThat(stream.accept(plain)).containsExactly(plain);
    }

    @Test
    void whatIsNoJsonIsRefused() {
        StreamedAnswer stream = new StreamedAnswer(SETTINGS);
        assertThatThrownBy(() -> stream.accept("[DONE".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(AnswerRefused.class)
                .hasNoCause();
    }

    @Test
    void wholeAnswerInPiecesIsRestoredWithArgumentsEscaped() throws AnswerRefused {
        byte[] answer = """
                {"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"Hi PERSON_7K2Q9F",
                 "tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\\"to\\":\\"PERSON_7K2Q9F\\"}"}}]}}]}
                """.getBytes(StandardCharsets.UTF_8);
        WholeAnswer whole = new WholeAnswer(SETTINGS);
        int half = answer.length / 2;
        assertThat(whole.accept(java.util.Arrays.copyOf(answer, half))).isEmpty();
        assertThat(whole.accept(java.util.Arrays.copyOfRange(answer, half, answer.length)))
                .isEmpty();
        JsonNode message = JSON.readTree(whole.finish().getFirst()).at("/choices/0/message");
        assertThat(message.path("content").stringValue()).isEqualTo("Hi Jane \"JJ\" Doe");
        String arguments = message.at("/tool_calls/0/function/arguments").stringValue();
        assertThat(JSON.readTree(arguments).path("to").stringValue()).isEqualTo("Jane \"JJ\" Doe");
    }

    /// The text of every choice and tool call, joined over the events.
    private static Map<String, String> texts(List<byte[]> events) {
        Map<String, String> texts = new TreeMap<>();
        for (byte[] event : events) {
            for (JsonNode choice : JSON.readTree(event).path("choices").values()) {
                String index = choice.path("index").asString();
                String content = choice.at("/delta/content").stringValue("");
                texts.merge(index, content, String::concat);
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
        return event("{\"delta\":{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"index\":" + choice
                + ",\"finish_reason\":null}");
    }

    private static byte[] arguments(int choice, int call, String text) {
        return event("{\"index\":" + choice + ",\"delta\":{\"tool_calls\":[{\"index\":" + call
                + ",\"function\":{\"arguments\":\"" + text + "\"}}]}}");
    }

    private static byte[] event(String choice) {
        return ("{" + HEAD + ",\"choices\":[" + choice + "]}").getBytes(StandardCharsets.UTF_8);
    }
}
