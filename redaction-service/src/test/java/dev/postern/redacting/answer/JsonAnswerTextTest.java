package dev.postern.redacting.answer;

import static dev.postern.redacting.answer.AnswerPolicy.Treatment.KEEP;
import static dev.postern.redacting.answer.AnswerPolicy.Treatment.REDACT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.detection.Detection;
import dev.postern.redacting.pseudonym.Original;
import dev.postern.redacting.pseudonym.PseudonymPattern;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

final class JsonAnswerTextTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final AnswerRedaction.Opener OPENER =
            new AnswerRedaction.Opener(Detection.standard(), new AnswerPolicy(REDACT, REDACT, KEEP));
    private static final LivePseudonyms LIVE =
            LivePseudonyms.of(Map.of("PERSON_7K2Q9F", new Original("PERSON", "Jane \"JJ\" Doe")));

    @Test
    void stringsAreDecodedRedactedAndWrittenAgain() {
        cutAnywhere(
                "{\"to\": \"jane\\u0040example.org\", \"n\": [1, true, null, -2.5e3], \"s\": \"a\\n\\\"b\\\"\\/\"}",
                "{\"to\": \"[EMAIL removed]\", \"n\": [1, true, null, -2.5e3], \"s\": \"a\\n\\\"b\\\"/\"}");
    }

    @Test
    void pseudonymsAreRestoredAndEscaped() {
        cutAnywhere(
                "{\"who\":\"PERSON_7K2Q9F, or PERSON_\\u0037K2Q9F\",\"password\":\"PERSON_7K2Q9F\"}",
                "{\"who\":\"Jane \\\"JJ\\\" Doe, or Jane \\\"JJ\\\" Doe\",\"password\":\"Jane \\\"JJ\\\" Doe\"}");
    }

    @Test
    void keysAreContextAlsoForWhatFollowsAnInnerValue() {
        cutAnywhere(
                "{\"idnr\":[\"86095742719\",{\"x\":\"y\"},\"86095742719\"],\"x\":\"86095742719\"}",
                "{\"idnr\":[\"[DE_TAX_ID removed]\",{\"x\":\"y\"},\"[DE_TAX_ID removed]\"],\"x\":\"86095742719\"}");
    }

    @Test
    void wholeValueOfASensitiveKeyIsLeftOut() {
        cutAnywhere("{\"password\":\"open sesame\",\"b\":\"c\"}", "{\"password\":\"[PASSWORD removed]\",\"b\":\"c\"}");
    }

    @Test
    void numberThatIsAValueBecomesAString() {
        cutAnywhere(
                "{\"card\":4111111111111111,\"idnr\": 86095742719 }",
                "{\"card\":\"[CARD removed]\",\"idnr\": \"[DE_TAX_ID removed]\" }");
    }

    @Test
    void memberNamesAreLookedAt() {
        cutAnywhere("{\"jane@example.org\":1}", "{\"[EMAIL removed]\":1}");
    }

    @Test
    void surrogatePairsComeTogether() {
        cutAnywhere("[\"\\ud83d\\ude00 a😀\"]", "[\"😀 a😀\"]");
    }

    @Test
    void whatIsNoJsonIsPlainTextFromThereOn() {
        cutAnywhere("My card is 4111 1111 1111 1111, ok", "My card is [CARD removed], ok");
        cutAnywhere("{\"a\":1}} jane@example.org x", "{\"a\":1}} [EMAIL removed] x");
        cutAnywhere("{to: \"PERSON_7K2Q9F\"}", "{to: \"Jane \\\"JJ\\\" Doe\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{\"a", "{\"a\\", "{\"a\\u00", "[12", "[\"x\\q\\u00zz\"]", "\"a\"\"b\"", "{\"a\":\"b\nc"
            })
    void whatIsCutShortOrOddStillComes(String text) {
        JsonAnswerText answer = open();
        String whole = answer.accept(text) + answer.finish();
        assertThat(whole).startsWith(text.isEmpty() ? "" : text.substring(0, 1));
        JsonAnswerText again = open();
        StringBuilder pieces = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            pieces.append(again.accept(text.substring(i, i + 1)));
        }
        assertThat(pieces.append(again.finish()).toString()).isEqualTo(whole);
    }

    @Test
    void depthIsBoundedAndWhatLiesDeeperIsStillLookedAt() {
        String deep = "[".repeat(100) + "\"jane@example.org \"";
        JsonAnswerText answer = open();
        assertThat(answer.accept(deep) + answer.finish())
                .contains("[EMAIL removed]")
                .doesNotContain("jane@");
    }

    private static void cutAnywhere(String text, String expected) {
        for (int cut = 0; cut <= text.length(); cut++) {
            JsonAnswerText answer = open();
            String early = answer.accept(text.substring(0, cut));
            assertThat(expected).as("cut at %d", cut).startsWith(early);
            assertThat(early + answer.accept(text.substring(cut)) + answer.finish())
                    .as("cut at %d", cut)
                    .isEqualTo(expected);
        }
        JsonAnswerText answer = open();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            out.append(answer.accept(text.substring(i, i + 1)));
            assertThat(expected).as("after %d", i).startsWith(out.toString());
        }
        assertThat(out.append(answer.finish()).toString()).isEqualTo(expected);
        if (expected.startsWith("{\"") && expected.endsWith("}")) {
            assertThat(JSON.readTree(expected).isObject()).isTrue();
        }
    }

    private static JsonAnswerText open() {
        AnswerSettings settings =
                new AnswerSettings(LIVE, true, PseudonymPattern.of(List.of("PERSON")), 1 << 20, OPENER.open(LIVE));
        return (JsonAnswerText) settings.text(new ChoiceChannel("0", "delta.content", List.of()));
    }
}
