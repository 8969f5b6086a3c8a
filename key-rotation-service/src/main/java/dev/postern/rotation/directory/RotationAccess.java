package dev.postern.rotation.directory;

import dev.postern.audit.AuditEvent;
import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.chassis.bearer.RejectedRequests;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.person.Person;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.token.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Who may rotate keys or call them compromised: an operator by certificate, or a client by an admin token with scope
/// `admin:keys` that is bound
/// to its key or certificate. Default deny; who is refused is put on record.
public final class RotationAccess {
    static final String AUDIENCE = "urn:postern:rotation";

    private static final String SCOPE = "admin:keys";

    private final PeerIdentities peers;
    private final Set<String> operators;
    private final AccessTokens tokens;
    private final Consumer<AuditEvent> audit;

    RotationAccess(PeerIdentities peers, Set<String> operators, AccessTokens tokens, Consumer<AuditEvent> audit) {
        this.peers = peers;
        this.operators = operators;
        this.tokens = tokens;
        this.audit = audit;
    }

    /// Who it is.
    ///
    /// @param operation for the audit log, when they are refused
    public Person require(HttpServletRequest request, String operation) {
        try {
            return caller(request);
        } catch (ProblemException refusal) {
            audit.accept(RejectedRequests.of(operation, Optional.empty(), refusal.problem()));
            throw refusal;
        }
    }

    private Person caller(HttpServletRequest request) {
        if (request.getHeader("Authorization") == null) {
            String operator = peers.require(request, operators).toString();
            return Person.byCertificate(operator);
        }
        AccessToken token = tokens.require(request, SCOPE);
        if (!token.isBound()) {
            throw new ProblemException(Problem.TOKEN_REQUIRED);
        }
        return Person.byToken(token.clientId(), token.subject());
    }
}
