package dev.postern.sts.issuance;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationGrantAuthenticationToken;

/// A request for an access token by an authenticated client (`client_credentials`), as asked: nothing is granted yet.
final class TokenRequest extends OAuth2AuthorizationGrantAuthenticationToken {

    private final Set<String> scopes;
    private final transient Optional<String> resource;
    private final transient Optional<String> dpopProof;

    TokenRequest(Authentication client, Set<String> scopes, Optional<String> resource, Optional<String> dpopProof) {
        super(AuthorizationGrantType.CLIENT_CREDENTIALS, client, Map.of());
        this.scopes = new LinkedHashSet<>(scopes);
        this.resource = resource;
        this.dpopProof = dpopProof;
    }

    Set<String> scopes() {
        return scopes;
    }

    /// The audience asked for (RFC 8707).
    Optional<String> resource() {
        return resource;
    }

    Optional<String> dpopProof() {
        return dpopProof;
    }
}
