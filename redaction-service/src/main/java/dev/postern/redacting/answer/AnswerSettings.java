package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.pseudonym.PseudonymPattern;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one answer needs.
///
/// @param jsonContent whether the caller asked for content that is JSON text
/// @param pattern what looks like a pseudonym
/// @param largest bytes of a whole answer
/// @param redaction leaves out what the model wrote itself; empty when everything is kept
public record AnswerSettings(
        LivePseudonyms live,
        boolean jsonContent,
        PseudonymPattern pattern,
        int largest,
        Optional<AnswerRedaction> redaction) {

    /// Members that go to nobody.
    Set<String> dropped() {
        return redaction.isPresent() ? AnswerFields.DROPPED : Set.of();
    }

    /// The text that grows in a channel.
    AnswerText text(Channel channel) {
        return text(channel.json() || (jsonContent && channel.content()), channel.written(), channel.key());
    }

    /// The text that a string is by itself.
    AnswerText text(JsonLeaf string) {
        String shape = string.shape();
        boolean json = shape.endsWith("arguments") || shape.endsWith(".partial_json");
        boolean content = shape.endsWith(".content") || shape.endsWith("text");
        String key = AnswerFields.inArguments(shape) ? string.key() : "";
        return text(json || (jsonContent && content), AnswerFields.written(string), key);
    }

    private AnswerText text(boolean json, boolean written, String key) {
        if (redaction.isEmpty() || !written) {
            return restoring(json ? Embedding.JSON : Embedding.PLAIN);
        }
        AnswerRedaction redacting = redaction.get();
        return json
                ? new JsonAnswerText(new JsonTexts(redacting))
                : new RedactedText(redacting.text(key), restoring(Embedding.PLAIN));
    }

    Map<String, Integer> removed() {
        return redaction.map(AnswerRedaction::removed).map(Map::copyOf).orElse(Map.of());
    }

    private RestoringText restoring(Embedding embedding) {
        return new RestoringText(live, embedding, pattern);
    }

    /// Strings of JSON text are decoded: what is restored in them is escaped with the rest.
    private final class JsonTexts implements JsonAnswerText.Texts {
        private final AnswerRedaction redacting;

        JsonTexts(AnswerRedaction redacting) {
            this.redacting = redacting;
        }

        @Override
        public AnswerText text(String key) {
            return new RedactedText(redacting.text(key), restoring(Embedding.PLAIN));
        }

        @Override
        public AnswerText name() {
            return new RedactedText(redacting.name(), restoring(Embedding.PLAIN));
        }

        @Override
        public AnswerText broken() {
            return new RedactedText(redacting.text(""), restoring(Embedding.JSON));
        }
    }
}
