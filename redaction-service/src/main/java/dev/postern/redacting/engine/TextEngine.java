package dev.postern.redacting.engine;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.detection.KnownValues;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.policy.Treatment;
import dev.postern.redacting.answer.LivePseudonyms;
import dev.postern.redacting.answer.RestoredText;
import dev.postern.redacting.prompt.PromptRefused;
import dev.postern.redacting.prompt.PromptTerms;
import dev.postern.redacting.prompt.TextReplacement;
import dev.postern.redacting.pseudonym.ConversationName;
import dev.postern.redacting.pseudonym.Original;
import dev.postern.redacting.pseudonym.PseudonymPattern;
import dev.postern.redacting.pseudonym.PseudonymVault;
import dev.postern.redacting.pseudonym.VaultUnavailable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Single texts outside any exchange. Safe for use by many threads.
///
/// A conversation named here is the same as one named so in a prompt of the same tenant and client.
public final class TextEngine {
    private final PseudonymVault vault;
    private final PolicySource policies;
    private final PseudonymPattern standard;

    /// @param entities of all tenants
    public TextEngine(Collection<Entity> entities, PseudonymVault vault, PolicySource policies) {
        this.vault = vault;
        this.policies = policies;
        this.standard = PseudonymPattern.ofAny(entities);
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

    /// Everything that texts hold, whatever the tenant's policy says; what its own pack finds is in it.
    ///
    /// @param language as ISO 639-1, or empty
    /// @throws ExchangeRefused when the policy, and so the pack, cannot be read, or the pack takes too long
    public List<List<Span>> analyze(String tenant, String language, List<String> texts) throws ExchangeRefused {
        Detection detection = policies.terms(tenant, "").prompts().detection();
        return ExchangeRefused.orRefuse(() ->
                texts.stream().map(text -> detection.analyze(text, language)).toList());
    }

    /// Which conversation of whom a text belongs to, and how sensitive it is.
    ///
    /// @param label empty when there is none
    public record Whose(String tenant, String clientId, String conversation, String label) {}

    /// The texts with what the tenant's policy puts in the place of values. What is found in one is replaced in all.
    ///
    /// @param language as ISO 639-1; empty: those of the policy
    /// @throws ExchangeRefused when the policy blocks one or cannot be read, or there are too many values in them
    public List<RedactedText> redact(Whose whose, String language, List<String> texts) throws ExchangeRefused {
        PromptTerms terms =
                policies.terms(whose.tenant(), whose.label()).prompts().in(language);
        return ExchangeRefused.orRefuse(() -> redact(terms, whose, texts));
    }

    private List<RedactedText> redact(PromptTerms terms, Whose whose, List<String> texts) throws PromptRefused {
        Detection detection = terms.detection();
        List<List<Span>> found = new ArrayList<>();
        Map<String, Entity> values = new HashMap<>();
        for (String text : texts) {
            List<Span> spans = detection.detect(text, "", terms.plan());
            found.add(spans);
            spans.forEach(span -> values.putIfAbsent(text.substring(span.start(), span.end()), span.entity()));
        }
        PromptRefused.whenBlocked(values.values(), terms.plan());
        KnownValues known = detection.known(values);
        return vault.in(name(whose), conversation -> {
            List<RedactedText> redacted = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                TextReplacement replacement = new TextReplacement(
                        terms, conversation, (entity, value) -> vault.keyedHash(whose.tenant(), entity, value));
                String text = replacement.replace(texts.get(i), found.get(i), known);
                redacted.add(new RedactedText(text, replacement.found()));
            }
            return redacted;
        });
    }

    /// What would be done to each value of a text. Nothing is kept, and pseudonyms are of no conversation.
    ///
    /// @throws ExchangeRefused when the text holds more values than may be kept
    public List<Change> dryRun(String tenant, PromptTerms terms, String text) throws ExchangeRefused {
        return ExchangeRefused.orRefuse(() -> changes(tenant, terms, text));
    }

    private List<Change> changes(String tenant, PromptTerms terms, String text) throws PromptRefused {
        Detection detection = terms.detection();
        List<Span> detected = detection.detect(text, "", terms.plan());
        Map<String, Entity> values = new HashMap<>();
        detected.forEach(span -> values.putIfAbsent(text.substring(span.start(), span.end()), span.entity()));
        TextReplacement replacement =
                new TextReplacement(terms, vault.passing(), (entity, value) -> vault.keyedHash(tenant, entity, value));
        List<Change> changes = new ArrayList<>();
        for (Span span : detection.withKnown(text, detected, detection.known(values), terms.plan())) {
            Treatment treatment = terms.plan().treatment(span.entity());
            String value = text.substring(span.start(), span.end());
            changes.add(new Change(
                    span,
                    treatment,
                    treatment == Treatment.BLOCK
                            ? Optional.empty()
                            : Optional.of(replacement.standIn(span.entity(), value))));
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

    /// Texts with what could be put back.
    ///
    /// @param vaultAnswered whether anybody could say what the conversation knows; if not, nothing was put back
    public record Restoration(List<RestoredText> texts, boolean vaultAnswered) {}

    /// Restores with what the conversation still knows; an unknown or forgotten conversation restores nothing.
    public Restoration restore(Whose whose, List<String> texts) {
        try {
            return restore(vault.originals(name(whose)), pattern(whose.tenant()), texts, true);
        } catch (VaultUnavailable _) {
            return restore(Map.of(), pattern(whose.tenant()), texts, false);
        }
    }

    /// A policy that cannot be read keeps nobody from what is its own: then unknown pseudonyms of its own pack's kinds
    /// are not counted.
    private PseudonymPattern pattern(String tenant) {
        try {
            return policies.terms(tenant, "").prompts().pseudonyms();
        } catch (ExchangeRefused _) {
            return standard;
        }
    }

    private static Restoration restore(
            Map<String, Original> known, PseudonymPattern pattern, List<String> texts, boolean vaultAnswered) {
        LivePseudonyms live = LivePseudonyms.of(known);
        return new Restoration(
                texts.stream()
                        .map(text -> RestoredText.restore(live, pattern, text))
                        .toList(),
                vaultAnswered);
    }

    /// Shreds what a conversation knows: from then on nobody restores its pseudonyms.
    ///
    /// @return whether it was known
    /// @throws ExchangeRefused when that cannot be done now
    public boolean forget(Whose whose) throws ExchangeRefused {
        return ExchangeRefused.orRefuse(() -> vault.forget(name(whose)));
    }

    private static ConversationName name(Whose whose) {
        return new ConversationName(whose.tenant(), whose.clientId(), ConversationName.NAMED + whose.conversation());
    }
}
