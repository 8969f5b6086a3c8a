package dev.postern.gateway.admission;

import dev.postern.gateway.policy.InForce;
import dev.postern.gateway.policy.PolicyInForce;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.policy.CompiledPolicy;
import dev.postern.policy.Limit;
import dev.postern.policy.Price;
import dev.postern.token.AccessToken;
import java.util.List;
import java.util.Optional;

/// The limits, prices and models of the policy that is in force. Before the first there is none: everything is
/// refused.
final class PolicyLimits implements LimitSource, ModelAccess {
    private final PolicyInForce policy;

    PolicyLimits(PolicyInForce policy) {
        this.policy = policy;
    }

    @Override
    public List<Limit> limitsFor(String tenant, String client, String model) {
        return current().limitsFor(tenant, client, model);
    }

    @Override
    public Optional<Price> priceOf(String model) {
        return current().priceOf(model);
    }

    @Override
    public boolean mayUse(AccessToken token, String model) {
        return token.mayUseModel(model) && current().roles(token.roles()).allowsModel(model);
    }

    private CompiledPolicy current() {
        return policy.current().map(InForce::policy).orElseThrow(() -> new Refused(Failure.POLICY_UNAVAILABLE));
    }
}
