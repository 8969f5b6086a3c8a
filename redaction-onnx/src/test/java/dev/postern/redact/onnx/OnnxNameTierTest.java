package dev.postern.redact.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.detection.DetectionSettings;
import dev.postern.redact.entity.Span;
import dev.postern.redact.scan.Selection;
import dev.postern.redact.stream.Opaque;
import dev.postern.redact.stream.RedactingStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole engine on the tiny model of `testdata/onnx`: real loading, real tokenizer, real sessions.
final class OnnxNameTierTest {
    static final Path TINY =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("../testdata/onnx/tiny");
    private static final Detection DETECTION =
            Detection.standard(DetectionSettings.STANDARD.withNameModel(Optional.of(TINY)));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "My name is Anna Schmidt. | PERSON Anna Schmidt",
                "anna lives in berlin and likes linux | PERSON anna, LOCATION berlin",
                "Call John Miller of Acme Corp, Berlin! | PERSON John Miller, ORGANIZATION Acme Corp, LOCATION Berlin",
                "The name is Zorblatt. | PERSON Zorblatt",
                "call O'Brien | PERSON O'Brien",
                "anna john schmidt | PERSON anna, PERSON john schmidt",
                "call worder | PERSON worder",
                "The words of my name likes linux. | ''"
            })
    void namesAreThoseOfTheModelWithTheirKindsAndBorders(String text, String expected) {
        assertThat(String.join(", ", found(text))).isEqualTo(expected);
    }

    @Test
    void offsetsCountUtf16UnitsWhateverStandsBefore() {
        assertThat(found("😀 The 𝒜 customer: Anna Schmidt. \uD800 is. \u0000 Call John."))
                .containsExactly("PERSON Anna Schmidt", "PERSON John");
    }

    @Test
    void longTextsAreReadInWindowsAndBatches() {
        String sentence = "The customer likes the words of anna schmidt, ".repeat(200);
        assertThat(found(sentence)).hasSize(200).containsOnly("PERSON anna schmidt");
        // One sentence for the engine has 64 tokens at most, but a word may be many tokens for the model.
        String longWords = ("words".repeat(7) + " ").repeat(20) + "anna schmidt";
        assertThat(found(longWords)).contains("PERSON anna schmidt");
    }

    @Test
    void nameOnTheSeamOfTwoWindowsIsOneName() {
        for (int before = 0; before < 60; before++) {
            String text = "the ".repeat(before) + "john miller " + "the ".repeat(60 - before);
            assertThat(found(text)).as("after %d words", before).containsExactly("PERSON john miller");
        }
    }

    @Test
    void streamsGiveWhatTheWholeTextGives() {
        String text = "My name is Anna Schmidt. Call John Miller of Acme Corp! The name is Zorblatt";
        Selection everything = Selection.of(_ -> true);
        StringBuilder whole = new StringBuilder(text);
        List<Span> spans = DETECTION.detect(text, "", everything);
        for (int i = spans.size() - 1; i >= 0; i--) {
            whole.replace(
                    spans.get(i).start(),
                    spans.get(i).end(),
                    "[" + spans.get(i).entity().name() + "]");
        }
        RedactingStream stream =
                DETECTION.streams(everything).open("", Opaque.NOTHING, entity -> "[" + entity.name() + "]");
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            out.append(stream.feed(text.substring(i, i + 1)));
        }
        assertThat(out.append(stream.finish())).hasToString(whole.toString());
    }

    @Test
    void keyIsReadBeforeTheTextAndIsNoPartOfIt() {
        assertThat(DETECTION.detect("Anna", "anna")).hasSize(1).allMatch(span -> span.start() == 0 && span.end() == 4);
        assertThat(DETECTION.detect("likes words", "anna")).isEmpty();
    }

    @Test
    void modelThatThrowsFailsTheRequest() {
        assertThatThrownBy(() -> DETECTION.detect("Anna Schmidt. The boom.", ""))
                .isInstanceOf(NameModelFailed.class)
                .hasMessageNotContaining("boom");
        RedactingStream stream = DETECTION
                .streams(Selection.of(entity -> entity.name().equals("PERSON")))
                .open("", Opaque.NOTHING, _ -> "");
        assertThatThrownBy(() -> stream.feed("The boom. And then it goes on")).isInstanceOf(NameModelFailed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"void", "huge"})
    void scoresThatAreNoNumbersFailTheRequest(String word) {
        assertThatThrownBy(() -> DETECTION.detect("Anna Schmidt likes the " + word + " in Berlin.", ""))
                .isInstanceOf(NameModelFailed.class)
                .hasMessageNotContaining(word);
    }

    @Test
    void keyOfAnyLengthIsRead() {
        assertThat(DETECTION.detect("Anna", "anna ".repeat(1_000_000))).hasSize(1);
    }

    @Test
    void manyThreadsGetTheSameNames() throws Exception {
        List<Future<List<String>>> answers = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            IntStream.range(0, 200)
                    .forEach(_ ->
                            answers.add(threads.submit(() -> found("Anna Schmidt lives in Berlin, John in Acme."))));
        }
        List<String> first = answers.getFirst().get();
        assertThat(first).hasSize(4);
        for (Future<List<String>> answer : answers) {
            assertThat(answer.get()).isEqualTo(first);
        }
    }

    @Test
    void tokenizersAskNobodyAndShareNoDirectory() {
        assertThat(found("anna")).hasSize(1);
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
        assertThat(System.getProperty("RUST_FLAVOR")).isEqualTo("cpu");
        assertThat(Path.of(System.getProperty("ENGINE_CACHE_DIR", ""))).isDirectory();
    }

    private static List<String> found(String text) {
        return DETECTION.analyze(text, "en").stream()
                .map(span -> span.entity().name() + " " + text.substring(span.start(), span.end()))
                .toList();
    }
}
