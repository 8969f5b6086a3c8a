package dev.postern.chassis.bearer;

import dev.postern.audit.RequestRejected;
import dev.postern.chassis.problem.Problem;
import dev.postern.token.AccessToken;
import java.util.Optional;

/// What the audit log hears of requests that a service refuses.
public final class RejectedRequests {
    private RejectedRequests() {}

    /// One refusal.
    ///
    /// @param operation the operation's fixed name, never anything of the caller's
    /// @param caller when a token proved one
    public static RequestRejected of(String operation, Optional<AccessToken> caller, Problem problem) {
        return new RequestRejected(
                problem.code(),
                operation,
                caller.map(AccessToken::clientId),
                Optional.empty(),
                caller.map(AccessToken::tokenId),
                problem.status(),
                1);
    }
}
