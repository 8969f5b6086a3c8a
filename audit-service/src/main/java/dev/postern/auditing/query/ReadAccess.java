package dev.postern.auditing.query;

import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.chassis.peer.PeerIdentities;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;

/// Who may read events: the operator by certificate, anyone else by a token with scope `audit:read`. Default deny.
public final class ReadAccess {

    static final String SCOPE = "audit:read";

    private static final String OPERATOR = "operator/cli";

    private final PeerIdentities peers;
    private final Optional<AccessTokens> tokens;

    ReadAccess(PeerIdentities peers, Optional<AccessTokens> tokens) {
        this.peers = peers;
        this.tokens = tokens;
    }

    public void require(HttpServletRequest request) {
        if (peers.of(request).filter(peers.id(OPERATOR)::equals).isPresent()) {
            return;
        }
        if (tokens.isPresent()) {
            var _ = tokens.get().require(request, SCOPE);
        } else {
            var _ = peers.require(request, Set.of(OPERATOR));
        }
    }
}
