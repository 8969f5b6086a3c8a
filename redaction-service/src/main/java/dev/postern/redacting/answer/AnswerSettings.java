package dev.postern.redacting.answer;

import dev.postern.redacting.pseudonym.PseudonymPattern;

/// What restoring one answer needs.
///
/// @param jsonContent whether the caller asked for content that is JSON text, so that values must be escaped in it
/// @param pattern what looks like a pseudonym
/// @param largest bytes of a whole answer
public record AnswerSettings(LivePseudonyms live, boolean jsonContent, PseudonymPattern pattern, int largest) {
    RestoringText text(String shape) {
        boolean arguments = shape.endsWith(".arguments") || shape.endsWith(".partial_json");
        boolean content = jsonContent && shape.endsWith(".content");
        return new RestoringText(live, arguments || content ? Embedding.JSON : Embedding.PLAIN, pattern);
    }
}
