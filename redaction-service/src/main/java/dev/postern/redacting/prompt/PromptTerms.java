package dev.postern.redacting.prompt;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.policy.Plan;
import dev.postern.redacting.pseudonym.PseudonymPattern;

/// What is looked for in a tenant's texts of one label, and what becomes of it. Immutable; safe for any number of
/// threads.
///
/// @param detection with the tenant's own rule pack, if it has one
/// @param pseudonyms what may be a pseudonym of the tenant's
public record PromptTerms(Plan plan, Detection detection, PseudonymPattern pseudonyms) {
    public static PromptTerms of(Plan plan, Detection detection) {
        return new PromptTerms(plan, detection, PseudonymPattern.ofAny(detection.entities()));
    }

    /// The same for texts in a language.
    ///
    /// @param language as ISO 639-1; empty: those of the plan
    public PromptTerms in(String language) {
        return new PromptTerms(plan.in(language), detection, pseudonyms);
    }
}
