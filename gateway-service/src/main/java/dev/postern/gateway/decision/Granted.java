package dev.postern.gateway.decision;

import dev.postern.gateway.admission.LimitSource;
import dev.postern.gateway.admission.ModelAccess;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.policy.CompiledPolicy;
import dev.postern.policy.InForce;
import dev.postern.policy.Limit;
import dev.postern.policy.PolicyInForce;
import dev.postern.policy.Price;
import dev.postern.token.AccessToken;
import java.util.List;
import java.util.Optional;

/// What the policy in force grants: limits, prices, and the models of roles.
///
/// Failure direction: closed. Before the first policy there are no limits to be known, so nothing is admitted.
final class Granted implements LimitSource, ModelAccess {
    private final PolicyInForce policy;

    Granted(PolicyInForce policy) {
        this.policy = policy;
    }

    @Override
    public List<Limit> limitsFor(String tenant, String client, String model) {
        return inForce().limitsFor(tenant, client, model);
    }

    @Override
    public boolean isLimited(String tenant, String client) {
        return inForce().isLimited(tenant, client);
    }

    @Override
    public Optional<Price> priceOf(String model) {
        return inForce().priceOf(model);
    }

    @Override
    public boolean mayUse(AccessToken token, String model) {
        return token.mayUseModel(model) && inForce().roles(token.roles()).allowsModel(model);
    }

    private CompiledPolicy inForce() {
        return policy.current().map(InForce::policy).orElseThrow(() -> new Refused(Failure.POLICY_UNAVAILABLE));
    }
}
