package dev.postern.sts.issuance;

import dev.postern.sts.clientauth.AuthenticatedClient;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/// A request for an access token by an authenticated client.
final class TokenRequest extends AbstractAuthenticationToken {

    private final AuthenticatedClient client;
    private final transient TokenParameters parameters;

    TokenRequest(AuthenticatedClient client, TokenParameters parameters) {
        super(List.of());
        this.client = client;
        this.parameters = parameters;
    }

    AuthenticatedClient client() {
        return client;
    }

    TokenParameters parameters() {
        return parameters;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return client.getPrincipal();
    }
}
