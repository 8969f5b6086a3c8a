package dev.postern.gateway.decision;

import dev.postern.gateway.access.Caller;
import dev.postern.gateway.api.Operation;
import dev.postern.gateway.api.RequestBody;
import dev.postern.gateway.exchange.RequestId;
import dev.postern.gateway.live.Serving;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.policy.Decision;
import dev.postern.policy.Facts;
import dev.postern.policy.InForce;
import dev.postern.policy.Phase;
import dev.postern.policy.PolicyInForce;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Decides about a request once, when it begins; what it then lives through is decided anew when the policy or the
/// facts change.
///
/// The client is told that policy denied it and the id of its request, never the rule: that is for whoever may ask
/// `admin why`. Failure direction: closed. Before the first policy nothing is served.
public final class Decisions {
    /// The token's `authorization_details` do not name the model.
    static final String DETAILS = "postern:authorization-details";

    /// Models that are not granted do not exist for the client, neither in lists nor by their names.
    private static final Set<String> HIDDEN = Set.of(DETAILS, Decision.ROLE_MODEL);

    private final PolicyInForce policy;
    private final Attributes attributes;
    private final Denials denials;
    private final CapabilityUses capabilities;
    private final DecisionMeters meters;

    Decisions(
            PolicyInForce policy,
            Attributes attributes,
            Denials denials,
            CapabilityUses capabilities,
            DecisionMeters meters) {
        this.policy = policy;
        this.attributes = attributes;
        this.denials = denials;
        this.capabilities = capabilities;
        this.meters = meters;
    }

    /// The request as one to be served; fails with [Refused] when it is not allowed.
    public Mono<Serving> decide(ServerWebExchange exchange, Operation operation, Caller caller, RequestBody body) {
        Asked asked = Asked.of(operation, body, exchange.getRequest());
        String requestId = RequestId.of(exchange).value();
        Facts.Quota quota = attributes.quotaOf(caller);
        Optional<Failure> denied = denied(requestId, caller, asked, quota);
        if (denied.isPresent()) {
            return Mono.error(new Refused(denied.get()));
        }
        Serving serving = new Serving(
                caller.token(), operation.relayName(), asked.kind(), () -> denied(requestId, caller, asked, quota));
        return capabilities.spend(caller.token()).thenReturn(serving);
    }

    /// Why the request may not be served now.
    private Optional<Failure> denied(String requestId, Caller caller, Asked asked, Facts.Quota quota) {
        Optional<InForce> inForce = policy.current();
        if (inForce.isEmpty()) {
            return Optional.of(Failure.POLICY_UNAVAILABLE);
        }
        Facts facts = attributes.of(caller, asked, quota);
        String rule = rule(inForce.get(), caller, asked, facts);
        if (rule.isEmpty()) {
            meters.allowed();
            return Optional.empty();
        }
        meters.denied();
        denials.remember(requestId, inForce.get().epoch(), rule, facts);
        return Optional.of(HIDDEN.contains(rule) ? Failure.UNKNOWN_MODEL : Failure.POLICY_DENIED);
    }

    /// The rule that denies it; empty when none does.
    private static String rule(InForce inForce, Caller caller, Asked asked, Facts facts) {
        if (!asked.model().isEmpty() && !caller.token().mayUseModel(asked.model())) {
            return DETAILS;
        }
        Decision decision = inForce.policy().decide(Phase.SESSION, facts);
        return decision.allowed() ? "" : decision.ruleId();
    }
}
