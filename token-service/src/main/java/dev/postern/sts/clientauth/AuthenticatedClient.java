package dev.postern.sts.clientauth;

import java.util.Optional;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;

/// The client that the request's authentication proved.
public final class AuthenticatedClient {

    private AuthenticatedClient() {}

    public static Optional<String> id() {
        return SecurityContextHolder.getContext().getAuthentication()
                                instanceof OAuth2ClientAuthenticationToken client
                        && client.isAuthenticated()
                        && client.getRegisteredClient() != null
                ? Optional.of(client.getRegisteredClient().getClientId())
                : Optional.empty();
    }
}
