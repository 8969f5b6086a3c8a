package dev.postern.redacting.prompt;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.json.JsonText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A document whose leaves have been looked at; nothing is replaced yet, because a value found in a later leaf is
/// looked for in earlier ones, too.
record ScannedDocument(JsonText json, List<Part> parts) {

    /// What was found in it.
    Set<Entity> entities() {
        Set<Entity> entities = new HashSet<>();
        for (Part part : parts) {
            switch (part) {
                case Text(JsonLeaf _, List<Span> spans) -> spans.forEach(span -> entities.add(span.entity()));
                case Embedded(JsonLeaf _, ScannedDocument document) -> entities.addAll(document.entities());
                case Identifier _, Speaker _ -> {}
            }
        }
        return entities;
    }

    /// A leaf that is not kept as it is.
    sealed interface Part {
        JsonLeaf leaf();
    }

    /// @param spans what the detectors found in the leaf's text
    record Text(JsonLeaf leaf, List<Span> spans) implements Part {}

    record Identifier(JsonLeaf leaf) implements Part {}

    record Speaker(JsonLeaf leaf) implements Part {}

    /// JSON in a string: tool-call arguments, tool results.
    record Embedded(JsonLeaf leaf, ScannedDocument document) implements Part {}
}
