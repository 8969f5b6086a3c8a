package dev.postern.redacting.engine;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.policy.Plan;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.answer.AnswerRedaction;

/// What a tenant's policy says of data of one label, both ways. Immutable; safe for any number of threads.
///
/// @param plan for prompts
/// @param answers for what a model wrote itself
public record Terms(Plan plan, AnswerRedaction.Opener answers) {
    /// Costly: once for each version of a policy, never for an exchange.
    ///
    /// @param open of what the policy leaves open
    public static Terms of(Plan plan, Detection detection, AnswerPolicy open) {
        return new Terms(plan, AnswerRedaction.Opener.of(plan, detection, open));
    }
}
