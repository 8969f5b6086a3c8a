package dev.postern.redacting.prompt;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Span;
import dev.postern.redact.policy.Plan;
import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.json.JsonText;
import dev.postern.redacting.json.MalformedJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs detection over every leaf of one body, and of the JSON that stands in its strings. One thread.
final class DocumentScanner {
    private static final int DEEPEST_EMBEDDING = 3;
    /// A key whose whole value is the name of a person.
    private static final String SPEAKER = "full_name";

    private final Detection detection;
    private final Plan plan;
    private int leaves;

    private DocumentScanner(PromptTerms terms) {
        this.detection = terms.detection();
        this.plan = terms.plan();
    }

    static ScannedDocument scan(JsonText body, PromptTerms terms) throws PromptRefused {
        return new DocumentScanner(terms).body(body);
    }

    private ScannedDocument body(JsonText body) throws PromptRefused {
        count(body);
        List<ScannedDocument.Part> parts = new ArrayList<>();
        for (JsonLeaf leaf : body.leaves()) {
            switch (leaf.kind()) {
                case NUMBER -> {
                    if (FieldPolicy.tokenised(leaf)) {
                        throw new PromptRefused();
                    }
                    if (!FieldPolicy.parameter(leaf)) {
                        number(leaf, parts);
                    }
                }
                case NAME -> name(leaf, parts);
                case STRING -> {
                    switch (FieldPolicy.of(leaf)) {
                        case STRUCTURAL -> {}
                        case NAMING ->
                            parts.add(new ScannedDocument.Text(leaf, detection.detectInName(leaf.text(), plan)));
                        case IDENTIFIER -> parts.add(new ScannedDocument.Identifier(leaf));
                        case SPEAKER -> parts.add(new ScannedDocument.Text(leaf, speaker(leaf.text())));
                        case TEXT -> parts.add(text(leaf, 0));
                    }
                }
            }
        }
        return new ScannedDocument(body, parts);
    }

    private ScannedDocument embedded(JsonText json, int depth) throws PromptRefused {
        count(json);
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

    private ScannedDocument.Part text(JsonLeaf leaf, int depth) throws PromptRefused {
        Optional<JsonText> json = depth < DEEPEST_EMBEDDING ? asJson(leaf.text()) : Optional.empty();
        return json.isPresent()
                ? new ScannedDocument.Embedded(leaf, embedded(json.get(), depth + 1))
                : new ScannedDocument.Text(leaf, detection.detect(leaf.text(), leaf.key(), plan));
    }

    /// All of it is a name, unless the plan keeps or allows names; it may be something stricter as well.
    private List<Span> speaker(String name) {
        return detection.detect(name, SPEAKER, plan);
    }

    private void name(JsonLeaf leaf, List<ScannedDocument.Part> parts) {
        List<Span> spans =
                FieldPolicy.plainName(leaf.text()) ? plan.denied(leaf.text()) : detection.detect(leaf.text(), "", plan);
        if (!FieldPolicy.plainName(leaf.text()) || !spans.isEmpty()) {
            parts.add(new ScannedDocument.Text(leaf, spans));
        }
    }

    /// An account number written as a number becomes a string; other numbers stay numbers.
    private void number(JsonLeaf leaf, List<ScannedDocument.Part> parts) throws PromptRefused {
        if (Numbers.longEnough(leaf.text())) {
            parts.add(new ScannedDocument.Text(leaf, inNumber(leaf)));
        }
    }

    private List<Span> inNumber(JsonLeaf leaf) throws PromptRefused {
        List<Span> spans = detection.detect(leaf.text(), leaf.key(), plan);
        if (!spans.isEmpty()) {
            return wholly(leaf, spans);
        }
        Optional<String> plain = Numbers.plain(leaf.text());
        return plain.isEmpty() ? spans : wholly(leaf, detection.detect(plain.get(), leaf.key(), plan));
    }

    /// A number is replaced whole or not at all.
    private static List<Span> wholly(JsonLeaf number, List<Span> spans) {
        return spans.stream()
                .limit(1)
                .map(span -> new Span(0, number.text().length(), span.entity(), span.score()))
                .toList();
    }

    private void count(JsonText json) throws PromptRefused {
        leaves += json.leaves().size();
        if (leaves > JsonText.MOST_LEAVES) {
            throw PromptRefused.tooMuch();
        }
    }

    private static Optional<JsonText> asJson(String text) throws PromptRefused {
        String stripped = text.strip();
        boolean object = stripped.startsWith("{") && stripped.endsWith("}");
        boolean array = stripped.startsWith("[") && stripped.endsWith("]");
        if (!object && !array) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonText.parseEmbedded(text));
        } catch (MalformedJson e) {
            if (e.tooLarge()) {
                throw PromptRefused.tooMuch();
            }
            // Then it is text, and is redacted as text.
            return Optional.empty();
        }
    }
}
