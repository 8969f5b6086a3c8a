package dev.postern.sts.issuance;

import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.refusal.Refusal;
import java.util.Optional;
import java.util.Set;

/// What a request is granted: never more than asked for, never more than the client may have.
///
/// @param audience exactly one, so that a token taken by one service is worthless at another
record Grant(ClientRegistration client, Set<String> scopes, String audience, Optional<String> dpopThumbprint) {

    private static final String DEFAULT_AUDIENCE = "urn:postern:gateway";

    Grant {
        scopes = Set.copyOf(scopes);
    }

    /// Decides on scope and audience; a scope must be named, there is no default to widen by accident.
    static Grant decide(TokenRequest request, ClientRegistration client, Optional<String> dpopThumbprint) {
        if (request.scopes().isEmpty() || !client.scopes().containsAll(request.scopes())) {
            throw Refusal.INVALID_SCOPE.exception();
        }
        String audience = request.resource().orElse(DEFAULT_AUDIENCE);
        if (!client.audiences().contains(audience)) {
            throw Refusal.INVALID_TARGET.exception();
        }
        return new Grant(client, request.scopes(), audience, dpopThumbprint);
    }
}
