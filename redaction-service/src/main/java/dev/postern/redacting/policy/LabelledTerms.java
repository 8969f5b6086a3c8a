package dev.postern.redacting.policy;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.policy.Plan;
import dev.postern.redact.policy.RedactionPolicy;
import dev.postern.redacting.engine.Terms;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A policy with the [Terms] of each of its plans, made once. Immutable.
record LabelledTerms(RedactionPolicy policy, Map<Plan, Terms> byPlan) {
    static LabelledTerms of(RedactionPolicy policy, BiFunction<Plan, Detection, Terms> compiler) {
        return new LabelledTerms(
                policy,
                policy.plans().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Function.identity(), plan -> compiler.apply(plan, policy.detection()))));
    }

    /// @param label empty when there is none
    Terms terms(String label) {
        return Objects.requireNonNull(byPlan.get(policy.plan(label)));
    }
}
