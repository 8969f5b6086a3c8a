package dev.postern.sts.policy;

import dev.postern.policy.CompiledPolicy;
import dev.postern.policy.Decision;
import dev.postern.policy.Facts;
import dev.postern.policy.Phase;
import dev.postern.policy.Sensitivity;
import dev.postern.sts.issuance.IssueFacts;
import dev.postern.sts.issuance.PolicyDecisions;
import dev.postern.sts.policy.PoliciesInForce.InForce;
import java.time.Clock;
import java.time.Instant;

/// Asks a policy whether a token may be issued. Fails closed: facts beyond their bounds are denied.
public final class IssuePolicy implements PolicyDecisions {

    private final PoliciesInForce policies;
    private final Clock clock;

    IssuePolicy(PoliciesInForce policies, Clock clock) {
        this.policies = policies;
        this.clock = clock;
    }

    @Override
    public Verdict decide(IssueFacts issue) {
        InForce policy = policies.inForce();
        return decide(policy.compiled(), policy.version().epoch(), issue, clock.instant());
    }

    /// What a policy would say, in force or not.
    ///
    /// @param epoch of the policy
    public static Verdict decide(CompiledPolicy policy, long epoch, IssueFacts issue, Instant now) {
        try {
            Decision decision = policy.decide(Phase.ISSUE, facts(issue, now));
            return new Verdict(decision.allowed(), decision.ruleId().replace(':', '-'), epoch);
        } catch (IllegalArgumentException _) {
            return new Verdict(false, "facts-out-of-bounds", epoch);
        }
    }

    private static Facts facts(IssueFacts issue, Instant now) {
        Facts.Client client = new Facts.Client(
                issue.client().clientId(), issue.client().tenant(), Facts.inOrder(issue.roles()), clearance(issue));
        Facts.Token token = new Facts.Token(
                0,
                issue.use().wireName(),
                Facts.inOrder(issue.scopes()),
                issue.bound(),
                issue.subject(),
                issue.actors());
        Facts.Request none = Facts.Request.NONE;
        Facts.Request request = new Facts.Request(
                none.model(),
                none.operation(),
                none.topic(),
                none.latencyClass(),
                none.sensitivity(),
                issue.address().getHostAddress(),
                none.region(),
                none.streamed());
        return Facts.at(now).with(client).with(token).with(request);
    }

    private static Sensitivity clearance(IssueFacts issue) {
        return Sensitivity.ofWireName(issue.clearance().wireName()).orElse(Sensitivity.PUBLIC);
    }
}
