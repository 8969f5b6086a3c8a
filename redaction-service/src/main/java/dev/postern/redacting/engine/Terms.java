package dev.postern.redacting.engine;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.policy.Plan;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.answer.AnswerRedaction;
import dev.postern.redacting.prompt.PromptTerms;

/// What a tenant's policy says of data of one label, both ways. Immutable; safe for any number of threads.
///
/// @param answers for what a model wrote itself
public record Terms(PromptTerms prompts, AnswerRedaction.Opener answers) {
    /// Costly: once for each version of a policy, never for an exchange.
    ///
    /// @param detection with the tenant's own rule pack, if it has one
    /// @param open of what the policy leaves open
    public static Terms of(Plan plan, Detection detection, AnswerPolicy open) {
        return new Terms(PromptTerms.of(plan, detection), AnswerRedaction.Opener.of(plan, detection, open));
    }

    public Plan plan() {
        return prompts.plan();
    }
}
