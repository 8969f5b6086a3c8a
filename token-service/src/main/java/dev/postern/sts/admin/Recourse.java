package dev.postern.sts.admin;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.policy.CompiledPolicy;
import dev.postern.policy.PolicyRejected;
import dev.postern.policy.PolicySet;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.issuance.IssueFacts;
import dev.postern.sts.issuance.PolicyDecisions.Verdict;
import dev.postern.sts.policy.IssuePolicy;
import dev.postern.token.TokenUse;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/// Keeps whoever brings a policy into force able to take it back: under the new policy, their client must still get a
/// token to publish policies, from where they are and at this moment. Fails closed: a client that is not there gets
/// none.
///
/// Non-guarantee: that it stays so. A rule that looks at the time or the address may deny the same client later.
final class Recourse {

    private final ClientRegistry clients;
    private final Clock clock;

    Recourse(ClientRegistry clients, Clock clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /// Lets the policy pass, or does not.
    ///
    /// @throws ProblemException 422 when the caller would be locked out, with the rule that does it
    void require(PolicySet policy, AdminCaller caller) {
        String rule = clients.find(caller.clientId())
                .map(client -> verdict(policy, client, caller))
                .map(verdict -> verdict.allowed() ? "" : verdict.ruleId())
                .orElse("none-of-no-client");
        if (!rule.isEmpty()) {
            throw new ProblemException(
                    Problem.INVALID,
                    List.of(new InvalidMember(
                            "/rules",
                            "This locks you out: you could not get a token for admin:policies any more (" + rule
                                    + "). Allow it in the phase issue.")));
        }
    }

    private Verdict verdict(PolicySet policy, ClientRegistration client, AdminCaller caller) {
        boolean acts = !caller.subject().equals(client.clientId());
        IssueFacts facts = new IssueFacts(
                client,
                caller.subject(),
                acts ? List.of(client.clientId()) : List.of(),
                TokenUse.ADMIN,
                AdminConfiguration.AUDIENCE,
                Set.of(AdminScope.POLICIES.wireName()),
                client.policy().roles(),
                client.policy().sensitivityClearance(),
                true,
                client.policy().tokenLifetime(),
                caller.address());
        try {
            return IssuePolicy.decide(CompiledPolicy.compile(policy), 0, facts, clock.instant());
        } catch (PolicyRejected rejected) {
            throw PolicyText.refused(rejected, "");
        }
    }
}
