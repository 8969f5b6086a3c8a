package dev.postern.redacting.prompt;

import dev.postern.redact.detection.KnownValues;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.policy.Generalisation;
import dev.postern.redact.policy.Mask;
import dev.postern.redact.policy.Treatment;
import dev.postern.redacting.pseudonym.Conversation;
import dev.postern.redacting.pseudonym.Original;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/// Replaces the values of texts, and keeps account of what stands for what. One prompt, one thread.
public final class TextReplacement {
    /// Distinct values of one prompt. Each becomes a pseudonym in five spellings for its answer, about a kilobyte.
    private static final int MOST_LIVE = 10_000;

    private final PromptTerms terms;
    private final Conversation conversation;
    private final KeyedHashes hashes;
    private final Map<String, Original> live = new HashMap<>();
    private final Map<String, Integer> found = new LinkedHashMap<>();

    public TextReplacement(PromptTerms terms, Conversation conversation, KeyedHashes hashes) {
        this.terms = terms;
        this.conversation = conversation;
        this.hashes = hashes;
    }

    /// The text with its spans, and further occurrences of known values, replaced.
    ///
    /// @throws PromptRefused when the prompt holds more distinct values than may be kept
    public String replace(String text, List<Span> detected, KnownValues known) throws PromptRefused {
        List<Span> spans = terms.detection().withKnown(text, detected, known, terms.plan());
        adoptPseudonymsIn(text);
        if (spans.isEmpty()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        for (Span span : spans) {
            out.append(text, copied, span.start());
            out.append(standIn(span.entity(), text.substring(span.start(), span.end())));
            copied = span.end();
        }
        return out.append(text, copied, text.length()).toString();
    }

    /// What stands for a value, as the policy says.
    ///
    /// @throws PromptRefused when the policy blocks it
    public String standIn(Entity entity, String value) throws PromptRefused {
        Treatment treatment = terms.plan().treatment(entity);
        if (treatment == Treatment.KEEP) {
            return value;
        }
        found.merge(entity.name(), 1, Integer::sum);
        return switch (treatment) {
            case KEEP -> value;
            case MASK -> Mask.of(value);
            case GENERALISE -> Generalisation.of(entity, value).orElseGet(() -> removed(entity));
            case HASH -> "[" + entity.name() + " #" + hashes.of(entity.name(), value) + "]";
            case PSEUDONYMISE -> pseudonym(entity, value);
            case REMOVE -> removed(entity);
            case BLOCK -> throw PromptRefused.blocked(List.of(entity.kind()));
        };
    }

    private static String removed(Entity entity) {
        return "[" + entity.name() + " removed]";
    }

    private String pseudonym(Entity entity, String value) throws PromptRefused {
        Original original = new Original(entity.kind(), value);
        String pseudonym = conversation.pseudonym(original, live::containsKey);
        keep(pseudonym, original);
        return pseudonym;
    }

    /// A pseudonym of this conversation that the caller sent back stays one, and is restored in the answer.
    private void adoptPseudonymsIn(String text) throws PromptRefused {
        if (text.indexOf('_') < 0) {
            return;
        }
        Matcher matcher = terms.pseudonyms().regex().matcher(text);
        while (matcher.find()) {
            String pseudonym = matcher.group();
            Optional<Original> original = conversation.original(pseudonym);
            if (original.isPresent()) {
                keep(pseudonym, original.get());
            }
        }
    }

    private void keep(String pseudonym, Original original) throws PromptRefused {
        live.put(pseudonym, original);
        if (live.size() > MOST_LIVE) {
            throw PromptRefused.tooMuch();
        }
    }

    public Map<String, Integer> found() {
        return Map.copyOf(found);
    }

    public Map<String, Original> live() {
        return Map.copyOf(live);
    }
}
