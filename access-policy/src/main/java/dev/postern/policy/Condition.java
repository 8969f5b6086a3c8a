package dev.postern.policy;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;

/// A compiled condition. Immutable; shared by threads.
///
/// @param cost the most that an evaluation can cost
record Condition(CelRuntime.Program program, double cost) {

    /// Whether it is true of the facts. Never throws: what goes wrong inside is an outcome.
    RuleOutcome.Outcome evaluate(FactVariables facts) {
        try {
            return Boolean.TRUE.equals(program.eval(facts))
                    ? RuleOutcome.Outcome.MATCHED
                    : RuleOutcome.Outcome.NOT_MATCHED;
        } catch (CelEvaluationException | RuntimeException _) {
            return RuleOutcome.Outcome.FAILED;
        }
    }
}
