package dev.postern.sts.issuance;

/// Policy as the issue of tokens sees it.
@FunctionalInterface
public interface PolicyDecisions {

    /// The answer, and the policy it comes from.
    ///
    /// @param ruleId the rule that decided, for the record; letters, digits and hyphens
    /// @param epoch of the policy that decided, which the token will carry
    record Verdict(boolean allowed, String ruleId, long epoch) {}

    /// Whether the token may be issued. Must fail closed: what cannot be decided is not allowed. Never blocks.
    Verdict decide(IssueFacts facts);
}
