package dev.postern.redacting.prompt;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.detection.KnownValues;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.policy.Plan;
import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.pseudonym.Conversation;
import dev.postern.redacting.pseudonym.Original;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Second pass over a scanned body: everything found anywhere is replaced everywhere.
final class Replacement {
    private final Detection detection;
    private final Conversation conversation;
    private final UnaryOperator<String> identifiers;
    private final TextReplacement texts;

    Replacement(
            Detection detection,
            Plan plan,
            Conversation conversation,
            UnaryOperator<String> identifiers,
            KeyedHashes hashes) {
        this.detection = detection;
        this.conversation = conversation;
        this.identifiers = identifiers;
        this.texts = new TextReplacement(detection, plan, conversation, hashes);
    }

    byte[] apply(ScannedDocument body) throws PromptRefused {
        Map<String, Entity> values = new HashMap<>();
        conversation
                .originals()
                .values()
                .forEach(original -> detection
                        .findEntity(original.type())
                        .ifPresent(entity -> values.put(original.value(), entity)));
        collect(body, values);
        return render(body, detection.known(values));
    }

    Map<String, Integer> found() {
        return texts.found();
    }

    Map<String, Original> live() {
        return texts.live();
    }

    private static void collect(ScannedDocument document, Map<String, Entity> values) {
        for (ScannedDocument.Part part : document.parts()) {
            switch (part) {
                case ScannedDocument.Text(JsonLeaf leaf, var spans) -> {
                    for (Span span : spans) {
                        values.putIfAbsent(leaf.text().substring(span.start(), span.end()), span.entity());
                    }
                }
                case ScannedDocument.Embedded(JsonLeaf _, ScannedDocument inner) -> collect(inner, values);
                case ScannedDocument.Identifier _, ScannedDocument.Speaker _ -> {}
            }
        }
    }

    private byte[] render(ScannedDocument document, KnownValues known) throws PromptRefused {
        Map<JsonLeaf, String> replaced = new HashMap<>();
        for (ScannedDocument.Part part : document.parts()) {
            String before = part.leaf().text();
            String after = switch (part) {
                case ScannedDocument.Text(JsonLeaf _, var spans) -> texts.replace(before, spans, known);
                case ScannedDocument.Embedded(JsonLeaf _, ScannedDocument inner) ->
                    new String(render(inner, known), StandardCharsets.UTF_8);
                case ScannedDocument.Identifier _ -> identifiers.apply(before);
                case ScannedDocument.Speaker _ -> texts.standIn(detection.entity("PERSON"), before);
            };
            if (!after.equals(before)) {
                replaced.put(part.leaf(), after);
            }
        }
        return document.json().with(replaced);
    }
}
