package dev.postern.rotation.directory;

import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.token.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/// Who may rotate keys: an operator by certificate, or a client by an admin token with scope `admin:keys` that is bound
/// to its key or certificate. Default deny.
final class RotationAccess {
    static final String AUDIENCE = "urn:postern:rotation";

    private static final String SCOPE = "admin:keys";

    private final PeerIdentities peers;
    private final Set<String> operators;
    private final AccessTokens tokens;

    RotationAccess(PeerIdentities peers, Set<String> operators, AccessTokens tokens) {
        this.peers = peers;
        this.operators = operators;
        this.tokens = tokens;
    }

    /// Who it is, for the audit log.
    String require(HttpServletRequest request) {
        if (request.getHeader("Authorization") == null) {
            return peers.require(request, operators).toString();
        }
        AccessToken token = tokens.require(request, SCOPE);
        if (!token.isBound()) {
            throw new ProblemException(Problem.TOKEN_REQUIRED);
        }
        return token.clientId();
    }
}
