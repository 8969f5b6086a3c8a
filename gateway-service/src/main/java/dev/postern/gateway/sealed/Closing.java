package dev.postern.gateway.sealed;

import dev.postern.gateway.problem.Refused;
import dev.postern.session.Refusal;
import org.springframework.web.reactive.socket.CloseStatus;

/// With which of the protocol's codes a socket is closed.
final class Closing {
    private Closing() {}

    static CloseStatus of(Refusal refusal) {
        return new CloseStatus(refusal.closeCode(), refusal.code());
    }

    /// For what ended a session from this side. What nobody foresaw is a relay that cannot be reached.
    static CloseStatus because(Throwable thrown) {
        if (!(thrown instanceof Refused refused)) {
            return of(Refusal.SESSION_UNKNOWN);
        }
        return switch (refused.failure()) {
            case TOKEN_EXPIRED, TOKEN_OUTDATED -> of(Refusal.OPEN_REJECTED);
            case POLICY_UNAVAILABLE, REVOCATION_UNAVAILABLE -> of(Refusal.REVOCATION_UNAVAILABLE);
            case MALFORMED -> CloseStatus.NOT_ACCEPTABLE;
            default -> of(Refusal.FORBIDDEN);
        };
    }
}
