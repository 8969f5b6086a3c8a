package dev.postern.redact.detection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.data.DataFiles;
import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.eval.Labelled;
import dev.postern.redact.eval.LabelledFiles;
import dev.postern.redact.pack.MarkedText;
import dev.postern.redact.pack.RulePackReader;
import dev.postern.redact.scan.Selection;
import dev.postern.redact.stream.Opaque;
import dev.postern.redact.stream.RedactingStream;
import dev.postern.redact.stream.StreamRedaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is found in the development data stays as it is while somebody makes the engine faster: digests of all spans,
/// with their scores, and of all streamed texts. Who mends rules, checks or names changes them on purpose, and puts the
/// lines that this test prints into `spans.txt`, with a look at which files changed and by how many spans.
final class SameSpansTest {
    private static final Path DATA =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("../testdata/redaction");
    private static final List<String> LABELLED =
            List.of("formats.jsonl", "lower-case.jsonl", "secrets.jsonl", "secrets-other-notations.jsonl");
    /// Texts that are looked at as one, so that some are long and full of values.
    private static final int TOGETHER = 25;
    private static final int CHUNK = 4;
    private static final Detection DETECTION = Detection.standard();
    private static final Selection ALL_OF_LOW_SCORES = new Selection() {
        @Override
        public boolean wants(Entity entity) {
            return true;
        }

        @Override
        public int precedence(Entity entity) {
            return Selection.STANDARD.precedence(entity);
        }

        @Override
        public OptionalDouble lowestScore() {
            return OptionalDouble.of(0.3);
        }
    };

    private final TreeMap<String, Found> found = new TreeMap<>();

    /// Of one way to look at one file.
    private static final class Found {
        private final MessageDigest digest = sha256();
        private int count;

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }

        void add(String line) {
            digest.update(line.getBytes(StandardCharsets.UTF_16BE));
        }

        @Override
        public String toString() {
            return count + " " + HexFormat.of().formatHex(digest.digest(), 0, 8);
        }
    }

    @Test
    void spansAndStreamedTextsAreThoseThatWereFoundBefore() throws IOException {
        for (String file : LABELLED) {
            List<Labelled> texts = LabelledFiles.read(Files.readString(DATA.resolve(file)));
            texts.forEach(
                    text -> add("each of " + file + " analyzed", DETECTION.analyze(text.text(), text.language())));
            look(file, texts.stream().map(Labelled::text).toList());
        }
        JsonNode others = JsonMapper.shared()
                .readTree(DATA.resolve("texts.json").toFile())
                .path("texts");
        look("texts.json", others.valueStream().map(JsonNode::stringValue).toList());
        look(
                "examples",
                RulePackReader.standard().rules().stream()
                        .flatMap(rule -> Stream.concat(
                                rule.examples().stream()
                                        .map(example -> MarkedText.of(example).text()),
                                rule.counterExamples().stream()))
                        .distinct()
                        .toList());
        List<String> lines = new ArrayList<>();
        found.forEach((way, spans) -> lines.add(way + " " + spans));
        assertThat(String.join("\n", lines))
                .isEqualTo(String.join("\n", DataFiles.lines(SameSpansTest.class, "spans.txt")));
    }

    private void look(String file, List<String> texts) {
        Predicate<Entity> secrets = entity -> entity.action() == Action.REMOVE;
        Predicate<Entity> values =
                entity -> entity.action() != Action.KEEP && !entity.name().equals("PERSON");
        StreamRedaction streamedSecrets = DETECTION.streams(Selection.of(secrets));
        StreamRedaction streamedValues = DETECTION.streams(Selection.of(values));
        for (String text : texts) {
            add("each of " + file, DETECTION.detect(text, ""));
            add("each of " + file + " under a key", DETECTION.detect(text, "taxId", ALL_OF_LOW_SCORES));
            stream("each of " + file + " streamed, values", text, streamedValues);
        }
        for (int i = 0; i < texts.size(); i += TOGETHER) {
            String together = String.join(" ", texts.subList(i, Math.min(texts.size(), i + TOGETHER)));
            add("all of " + file, DETECTION.detectInName(together, ALL_OF_LOW_SCORES));
            stream("all of " + file + " streamed, secrets", together, streamedSecrets);
        }
    }

    private void add(String way, List<Span> spans) {
        Found here = found.computeIfAbsent(way, _ -> new Found());
        here.count += spans.size();
        here.add("\n");
        spans.forEach(span -> here.add(String.format(
                Locale.ROOT,
                "%d %d %s %.4f,",
                span.start(),
                span.end(),
                span.entity().name(),
                span.score())));
    }

    private void stream(String way, String text, StreamRedaction redaction) {
        RedactingStream stream = redaction.open("", Opaque.NOTHING, entity -> "[" + entity.name() + "]");
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i += CHUNK) {
            out.append(stream.feed(text.substring(i, Math.min(text.length(), i + CHUNK))));
        }
        Found here = found.computeIfAbsent(way, _ -> new Found());
        here.count++;
        here.add(out.append(stream.finish()).append('\n').toString());
    }
}
