package dev.postern.gateway.sealed;

import dev.postern.gateway.admission.LimitSource;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.gateway.sealed.SealedProperties.LimitedClients;
import dev.postern.token.AccessToken;
import dev.postern.token.AuthorizationDetail.Budget;

/// Keeps those from sealing their requests whose requests have to be counted.
final class Uncounted {
    private final LimitSource limits;
    private final LimitedClients limited;

    Uncounted(LimitSource limits, LimitedClients limited) {
        this.limits = limits;
        this.limited = limited;
    }

    /// Refuses a client that limits apply to, and a token with a budget of its own in any case.
    void require(AccessToken token) {
        boolean isLimited = limited == LimitedClients.REFUSE && limits.isLimited(token.tenant(), token.clientId());
        if (isLimited || token.details().stream().anyMatch(Budget.class::isInstance)) {
            throw new Refused(Failure.SEALED_UNCOUNTED);
        }
    }
}
