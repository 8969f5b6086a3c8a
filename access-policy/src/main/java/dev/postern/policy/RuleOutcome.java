package dev.postern.policy;

/// What one rule said of some facts.
///
/// @param id of the rule, or of a check that every policy has (see [Decision])
public record RuleOutcome(String id, Effect effect, Outcome outcome, String description) {

    /// What became of a condition.
    public enum Outcome {
        MATCHED,
        NOT_MATCHED,
        /// It could not be evaluated or cost too much: a deny counts as matching then, an allow as not.
        FAILED
    }
}
