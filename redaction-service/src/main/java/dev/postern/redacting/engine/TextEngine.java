package dev.postern.redacting.engine;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redacting.answer.LivePseudonyms;
import dev.postern.redacting.answer.RestoredText;
import dev.postern.redacting.prompt.PromptRefused;
import dev.postern.redacting.prompt.TextReplacement;
import dev.postern.redacting.pseudonym.ConversationName;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.PseudonymPattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Single texts outside any exchange. Safe for use by many threads.
///
/// A conversation named here is the same as one named so in a prompt of the same tenant and client.
public final class TextEngine {
    private final Detection detection;
    private final ConversationVault vault;
    private final PseudonymPattern pattern;

    public TextEngine(Detection detection, ConversationVault vault) {
        this.detection = detection;
        this.vault = vault;
        this.pattern = PseudonymPattern.of(detection.entities().stream()
                .filter(Entity::restorable)
                .map(Entity::kind)
                .distinct()
                .toList());
    }

    /// A text without its values.
    ///
    /// @param found entity name to number of replaced values
    public record RedactedText(String text, Map<String, Integer> found) {
        @Override
        public String toString() {
            return "RedactedText[" + text.length() + " characters, " + found + "]";
        }
    }

    public List<Span> analyze(String text) {
        List<Span> spans = detection.detect(text, "");
        return detection.withKnown(text, spans, detection.known(values(text, spans)));
    }

    /// The text with pseudonyms, or notes of removal, for its values.
    ///
    /// @throws PromptRefused when the text holds more distinct values than may be kept
    public RedactedText redact(String tenant, String clientId, String conversation, String text) throws PromptRefused {
        List<Span> spans = detection.detect(text, "");
        TextReplacement replacement = new TextReplacement(detection, vault.open(name(tenant, clientId, conversation)));
        String redacted = replacement.replace(text, spans, detection.known(values(text, spans)));
        return new RedactedText(redacted, replacement.found());
    }

    /// Restores with what the conversation still knows; an unknown or forgotten conversation restores nothing.
    public RestoredText restore(String tenant, String clientId, String conversation, String text) {
        LivePseudonyms live = LivePseudonyms.of(vault.find(name(tenant, clientId, conversation))
                .map(known -> known.originals())
                .orElse(Map.of()));
        return RestoredText.restore(live, pattern, text);
    }

    private static ConversationName name(String tenant, String clientId, String conversation) {
        return new ConversationName(tenant, clientId, ConversationName.NAMED + conversation);
    }

    private static Map<String, Entity> values(String text, List<Span> spans) {
        Map<String, Entity> values = new HashMap<>();
        spans.forEach(span -> values.putIfAbsent(text.substring(span.start(), span.end()), span.entity()));
        return values;
    }
}
