package dev.postern.relay.policy;

import dev.postern.policy.Facts;
import dev.postern.policy.InForce;
import dev.postern.policy.Phase;
import dev.postern.policy.PolicyInForce;
import dev.postern.policy.Sensitivity;
import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.request.RelayRequest;
import dev.postern.token.AccessToken;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/// Whether a client that speaks for itself may make a request: by its token's `authorization_details`, its roles and
/// the rules of the phase `session`. A delegating gateway asks its own, which knows more.
///
/// Non-guarantee: the relay sees neither the client's address and region nor what is left of its limits. Rules see
/// these as unknown, so that an allow which needs an address does not match. Data without a label is `internal`.
/// Failure direction: closed; before the first policy nothing begins. Thread-safe; never waits.
public final class RequestPolicy {
    private final PolicyInForce policy;
    private final Function<AccessToken, Facts.Anomaly> anomalies;
    private final Clock clock;

    /// Decides by the policy in force.
    ///
    /// @param anomalies how unusual a client behaves
    public RequestPolicy(PolicyInForce policy, Function<AccessToken, Facts.Anomaly> anomalies, Clock clock) {
        this.policy = policy;
        this.anomalies = anomalies;
        this.clock = clock;
    }

    /// Why the request may not be made; empty when it may. A model that is not granted does not exist.
    public Optional<FailureCode> denied(AccessToken token, RelayRequest request) {
        Optional<InForce> inForce = policy.current();
        if (inForce.isEmpty()) {
            return Optional.of(FailureCode.REVOCATION_UNAVAILABLE);
        }
        if (request.model().filter(model -> !mayUse(token, model)).isPresent()) {
            return Optional.of(FailureCode.UNKNOWN_MODEL);
        }
        return inForce.get()
                        .policy()
                        .decide(Phase.SESSION, facts(token, request))
                        .allowed()
                ? Optional.empty()
                : Optional.of(FailureCode.FORBIDDEN);
    }

    /// Whether a model exists for this client, for lists of models.
    public boolean mayUse(AccessToken token, String model) {
        return token.mayUseModel(model)
                && policy.current()
                        .filter(inForce -> inForce.policy().roles(token.roles()).allowsModel(model))
                        .isPresent();
    }

    private Facts facts(AccessToken token, RelayRequest request) {
        Instant now = clock.instant();
        return new Facts(
                Facts.Client.of(token),
                Facts.Token.of(token, now),
                new Facts.Request(
                        request.model().orElse(""),
                        request.operation().policyName(),
                        "",
                        request.latencyClass(),
                        request.sensitivity().orElse(Sensitivity.INTERNAL),
                        "",
                        "",
                        request.streamed()),
                Facts.Quota.UNKNOWN,
                anomalies.apply(token),
                now);
    }
}
