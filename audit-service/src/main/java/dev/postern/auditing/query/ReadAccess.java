package dev.postern.auditing.query;

import dev.postern.audit.AuditEvent;
import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.chassis.bearer.RejectedRequests;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Who may read events: the operator by certificate, anyone else by a token with scope `audit:read`. Default deny;
/// who is refused is put on record.
public final class ReadAccess {

    static final String SCOPE = "audit:read";

    private static final String OPERATION = "audit.read";
    private static final String OPERATOR = "operator/cli";

    private final PeerIdentities peers;
    private final Optional<AccessTokens> tokens;
    private final Consumer<AuditEvent> audit;

    ReadAccess(PeerIdentities peers, Optional<AccessTokens> tokens, Consumer<AuditEvent> audit) {
        this.peers = peers;
        this.tokens = tokens;
        this.audit = audit;
    }

    public void require(HttpServletRequest request) {
        if (peers.of(request).filter(peers.id(OPERATOR)::equals).isPresent()) {
            return;
        }
        try {
            if (tokens.isPresent()) {
                var _ = tokens.get().require(request, SCOPE);
            } else {
                var _ = peers.require(request, Set.of(OPERATOR));
            }
        } catch (ProblemException refusal) {
            audit.accept(RejectedRequests.of(OPERATION, Optional.empty(), refusal.problem()));
            throw refusal;
        }
    }
}
