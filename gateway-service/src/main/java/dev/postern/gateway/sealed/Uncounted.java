package dev.postern.gateway.sealed;

import dev.postern.gateway.admission.LimitSource;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.sealed.SealedProperties.LimitedClients;
import dev.postern.token.AccessToken;
import dev.postern.token.AuthorizationDetail.Budget;
import java.util.Optional;

/// Keeps those from sealing their requests whose requests have to be counted.
final class Uncounted {
    private final LimitSource limits;
    private final LimitedClients limited;

    Uncounted(LimitSource limits, LimitedClients limited) {
        this.limits = limits;
        this.limited = limited;
    }

    /// Why this token gets no session, or no longer has one: limits apply to its client, or it has a budget of its own.
    Optional<Failure> refuses(AccessToken token) {
        boolean isLimited = limited == LimitedClients.REFUSE && limits.isLimited(token.tenant(), token.clientId());
        return isLimited || token.details().stream().anyMatch(Budget.class::isInstance)
                ? Optional.of(Failure.SEALED_UNCOUNTED)
                : Optional.empty();
    }
}
