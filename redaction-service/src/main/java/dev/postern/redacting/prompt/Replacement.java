package dev.postern.redacting.prompt;

import dev.postern.redact.detection.KnownValues;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.pseudonym.Conversation;
import dev.postern.redacting.pseudonym.Original;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Second pass over a scanned body: everything found anywhere is replaced everywhere.
final class Replacement {
    private final PromptTerms terms;
    private final Conversation conversation;
    private final UnaryOperator<String> identifiers;
    private final TextReplacement texts;

    Replacement(PromptTerms terms, Conversation conversation, UnaryOperator<String> identifiers, KeyedHashes hashes) {
        this.terms = terms;
        this.conversation = conversation;
        this.identifiers = identifiers;
        this.texts = new TextReplacement(terms, conversation, hashes);
    }

    byte[] apply(ScannedDocument body) throws PromptRefused {
        Map<String, Entity> values = new HashMap<>();
        collect(body, values);
        Map<String, Entity> kinds = strictestOfKinds();
        for (Original original : conversation.originals().values()) {
            Entity entity = kinds.get(original.type());
            if (entity != null) {
                values.putIfAbsent(original.value(), entity);
            }
        }
        return render(body, terms.detection().known(values));
    }

    /// A conversation knows of what kind a value is, and not which of the kind's entities it was.
    private Map<String, Entity> strictestOfKinds() {
        Map<String, Entity> kinds = new HashMap<>();
        for (Entity entity : terms.detection().entities()) {
            kinds.merge(
                    entity.kind(),
                    entity,
                    (one, other) -> terms.plan().precedence(one) >= terms.plan().precedence(other) ? one : other);
        }
        return kinds;
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
                case ScannedDocument.Identifier _ -> {}
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
            };
            if (!after.equals(before)) {
                replaced.put(part.leaf(), after);
            }
        }
        return document.json().with(replaced);
    }
}
