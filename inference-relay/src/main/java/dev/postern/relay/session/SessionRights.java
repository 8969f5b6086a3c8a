package dev.postern.relay.session;

import dev.postern.relay.admission.Admitted;
import dev.postern.relay.exchange.RequestContext;
import dev.postern.relay.policy.RequestPolicy;
import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.request.Caller;
import dev.postern.relay.request.RelayRequest;
import dev.postern.trust.TrustFeed;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/// What the client of a session may do, and the callers that it speaks for. Thread-safe; never waits.
final class SessionRights {
    private final Admitted admitted;
    private final TrustFeed trust;
    private final RequestPolicy policy;
    private final Clock clock;

    SessionRights(Admitted admitted, TrustFeed trust, RequestPolicy policy, Clock clock) {
        this.admitted = admitted;
        this.trust = trust;
        this.policy = policy;
        this.clock = clock;
    }

    /// A delegating session speaks for the caller it names; any other speaks for itself, whatever it names.
    Caller caller(RelayRequest request) {
        return admitted.mayDelegate() ? request.claimed().orElse(admitted.self()) : admitted.self();
    }

    /// Why a request may not begin.
    Optional<FailureCode> denied(RequestContext context) {
        Caller caller = context.caller();
        Instant now = clock.instant();
        if (!now.isBefore(caller.expiresAt())) {
            return Optional.of(FailureCode.TOKEN_EXPIRED);
        }
        return switch (trust.standingOf(caller)) {
            case UNKNOWN -> Optional.of(FailureCode.REVOCATION_UNAVAILABLE);
            case REVOKED, OUTDATED -> Optional.of(FailureCode.FORBIDDEN);
            case TRUSTED -> caller.mayInvoke(now) ? deniedByPolicy(context) : Optional.of(FailureCode.FORBIDDEN);
        };
    }

    /// A delegating gateway judges its callers by policy itself, and with more knowledge.
    private Optional<FailureCode> deniedByPolicy(RequestContext context) {
        if (context.request().model().filter(model -> !isNamed(model)).isPresent()) {
            return Optional.of(FailureCode.FORBIDDEN);
        }
        return admitted.mayDelegate() ? Optional.empty() : policy.denied(admitted.token(), context.request());
    }

    /// Whether a model may be seen in a list.
    boolean mayUse(String model) {
        return isNamed(model) && (admitted.mayDelegate() || policy.mayUse(admitted.token(), model));
    }

    private boolean isNamed(String model) {
        return admitted.models().isEmpty() || admitted.models().contains(model);
    }

    /// Whether a request that is being served may not go on.
    boolean isTakenBack(RequestContext context) {
        return isTakenBack(context.caller()) || deniedByPolicy(context).isPresent();
    }

    /// Whether the session may not go on.
    boolean isTakenBack() {
        return isTakenBack(admitted.self());
    }

    private boolean isTakenBack(Caller caller) {
        return switch (trust.standingOf(caller)) {
            case REVOKED, OUTDATED -> true;
            // Not taken back by what is known; what leaves is held back meanwhile.
            case TRUSTED, UNKNOWN -> false;
        };
    }
}
