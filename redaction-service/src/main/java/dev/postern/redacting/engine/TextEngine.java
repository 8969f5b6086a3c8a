package dev.postern.redacting.engine;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.detection.KnownValues;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.policy.Plan;
import dev.postern.redact.policy.Treatment;
import dev.postern.redacting.answer.LivePseudonyms;
import dev.postern.redacting.answer.RestoredText;
import dev.postern.redacting.prompt.PromptRefused;
import dev.postern.redacting.prompt.TextReplacement;
import dev.postern.redacting.pseudonym.Conversation;
import dev.postern.redacting.pseudonym.ConversationName;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.PseudonymPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Single texts outside any exchange. Safe for use by many threads.
///
/// A conversation named here is the same as one named so in a prompt of the same tenant and client.
public final class TextEngine {
    private final Detection detection;
    private final ConversationVault vault;
    private final PolicySource policies;
    private final PseudonymPattern pattern;

    public TextEngine(Detection detection, ConversationVault vault, PolicySource policies) {
        this.detection = detection;
        this.vault = vault;
        this.policies = policies;
        this.pattern = PseudonymPattern.ofAny(detection.entities());
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

    /// What would be done to one value.
    ///
    /// @param replacement empty when the value stays, or the whole text is blocked
    public record Change(Span span, Treatment treatment, Optional<String> replacement) {
        @Override
        public String toString() {
            return "Change[" + span + ", " + treatment + "]";
        }
    }

    /// Everything that a text holds, whatever policies say.
    ///
    /// @param language as ISO 639-1, or empty
    public List<Span> analyze(String text, String language) {
        return detection.analyze(text, language);
    }

    /// Which conversation of whom a text belongs to, and how sensitive it is.
    ///
    /// @param label empty when there is none
    public record Whose(String tenant, String clientId, String conversation, String label) {}

    /// The texts with what the tenant's policy puts in the place of values. What is found in one is replaced in all.
    ///
    /// @throws ExchangeRefused when the policy blocks one or cannot be read, or there are too many values in them
    public List<RedactedText> redact(Whose whose, List<String> texts) throws ExchangeRefused {
        Plan plan = policies.plan(whose.tenant(), whose.label());
        try {
            return redact(plan, whose.tenant(), () -> vault.open(name(whose)), texts);
        } catch (PromptRefused e) {
            throw ExchangeRefused.of(e);
        }
    }

    private List<RedactedText> redact(Plan plan, String tenant, Supplier<Conversation> conversation, List<String> texts)
            throws PromptRefused {
        List<List<Span>> found = new ArrayList<>();
        Map<String, Entity> values = new HashMap<>();
        for (String text : texts) {
            List<Span> spans = detection.detect(text, "", plan);
            found.add(spans);
            spans.forEach(span -> values.putIfAbsent(text.substring(span.start(), span.end()), span.entity()));
        }
        PromptRefused.whenBlocked(values.values(), plan);
        KnownValues known = detection.known(values);
        Conversation opened = conversation.get();
        List<RedactedText> redacted = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            TextReplacement replacement = new TextReplacement(
                    detection, plan, opened, (entity, value) -> vault.keyedHash(tenant, entity, value));
            String text = replacement.replace(texts.get(i), found.get(i), known);
            redacted.add(new RedactedText(text, replacement.found()));
        }
        return redacted;
    }

    /// What a plan would do to each value of a text. Nothing is kept, and pseudonyms are of no conversation.
    ///
    /// @throws ExchangeRefused when the text holds more values than may be kept
    public List<Change> dryRun(String tenant, Plan plan, String text) throws ExchangeRefused {
        List<Span> detected = detection.detect(text, "", plan);
        Map<String, Entity> values = new HashMap<>();
        detected.forEach(span -> values.putIfAbsent(text.substring(span.start(), span.end()), span.entity()));
        TextReplacement replacement = new TextReplacement(
                detection, plan, vault.passing(), (entity, value) -> vault.keyedHash(tenant, entity, value));
        List<Change> changes = new ArrayList<>();
        try {
            for (Span span : detection.withKnown(text, detected, detection.known(values), plan)) {
                Treatment treatment = plan.treatment(span.entity());
                String value = text.substring(span.start(), span.end());
                changes.add(new Change(
                        span,
                        treatment,
                        treatment == Treatment.BLOCK
                                ? Optional.empty()
                                : Optional.of(replacement.standIn(span.entity(), value))));
            }
        } catch (PromptRefused e) {
            throw ExchangeRefused.of(e);
        }
        return changes;
    }

    /// The text with replacements in the place of values.
    public static String applied(String text, List<Change> changes) {
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        for (Change change : changes) {
            if (change.replacement().isPresent()) {
                out.append(text, copied, change.span().start())
                        .append(change.replacement().get());
                copied = change.span().end();
            }
        }
        return out.append(text, copied, text.length()).toString();
    }

    /// Restores with what the conversation still knows; an unknown or forgotten conversation restores nothing.
    public List<RestoredText> restore(Whose whose, List<String> texts) {
        LivePseudonyms live = LivePseudonyms.of(
                vault.find(name(whose)).map(known -> known.originals()).orElse(Map.of()));
        return texts.stream()
                .map(text -> RestoredText.restore(live, pattern, text))
                .toList();
    }

    private static ConversationName name(Whose whose) {
        return new ConversationName(whose.tenant(), whose.clientId(), ConversationName.NAMED + whose.conversation());
    }
}
