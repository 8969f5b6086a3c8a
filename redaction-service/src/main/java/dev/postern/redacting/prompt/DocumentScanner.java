package dev.postern.redacting.prompt;

import dev.postern.redacting.detection.Detection;
import dev.postern.redacting.detection.Span;
import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.json.JsonText;
import dev.postern.redacting.json.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs detection over every leaf of a body, and of the JSON that stands in its strings.
final class DocumentScanner {
    private static final int DEEPEST_EMBEDDING = 3;
    /// A number with fewer digits identifies nobody.
    private static final int LEAST_NUMBER = 9;

    private final Detection detection;

    DocumentScanner(Detection detection) {
        this.detection = detection;
    }

    ScannedDocument body(JsonText body) throws PromptRefused {
        List<ScannedDocument.Part> parts = new ArrayList<>();
        for (JsonLeaf leaf : body.leaves()) {
            switch (leaf.kind()) {
                case NUMBER -> {
                    if (FieldPolicy.tokenised(leaf)) {
                        throw new PromptRefused();
                    }
                }
                case NAME -> name(leaf, parts);
                case STRING -> {
                    switch (FieldPolicy.of(leaf)) {
                        case STRUCTURAL -> {}
                        case IDENTIFIER -> parts.add(new ScannedDocument.Identifier(leaf));
                        case SPEAKER -> parts.add(new ScannedDocument.Speaker(leaf));
                        case TEXT -> parts.add(text(leaf, 0));
                    }
                }
            }
        }
        return new ScannedDocument(body, parts);
    }

    private ScannedDocument embedded(JsonText json, int depth) {
        List<ScannedDocument.Part> parts = new ArrayList<>();
        for (JsonLeaf leaf : json.leaves()) {
            switch (leaf.kind()) {
                case NAME -> name(leaf, parts);
                case STRING -> parts.add(text(leaf, depth));
                case NUMBER -> number(leaf, parts);
            }
        }
        return new ScannedDocument(json, parts);
    }

    private ScannedDocument.Part text(JsonLeaf leaf, int depth) {
        Optional<JsonText> json = depth < DEEPEST_EMBEDDING ? asJson(leaf.text()) : Optional.empty();
        return json.isPresent()
                ? new ScannedDocument.Embedded(leaf, embedded(json.get(), depth + 1))
                : new ScannedDocument.Text(leaf, detection.detect(leaf.text(), leaf.key()));
    }

    private void name(JsonLeaf leaf, List<ScannedDocument.Part> parts) {
        if (!FieldPolicy.plainName(leaf.text())) {
            parts.add(new ScannedDocument.Text(leaf, detection.detect(leaf.text(), "")));
        }
    }

    /// An account number written as a number becomes a string; other numbers stay numbers.
    private void number(JsonLeaf leaf, List<ScannedDocument.Part> parts) {
        if (leaf.text().length() >= LEAST_NUMBER) {
            List<Span> spans = detection.detect(leaf.text(), leaf.key());
            if (!spans.isEmpty()) {
                parts.add(new ScannedDocument.Text(leaf, spans));
            }
        }
    }

    private static Optional<JsonText> asJson(String text) {
        String stripped = text.strip();
        boolean object = stripped.startsWith("{") && stripped.endsWith("}");
        boolean array = stripped.startsWith("[") && stripped.endsWith("]");
        if (!object && !array) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonText.parse(text.getBytes(StandardCharsets.UTF_8)));
        } catch (MalformedJson _) {
            // Then it is text, and is redacted as text.
            return Optional.empty();
        }
    }
}
