package dev.postern.sts.clientauth;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/// A client that claims to be itself.
final class PresentedClient extends AbstractAuthenticationToken {

    private final transient Credential credential;
    private final transient Connection connection;

    PresentedClient(Credential credential, Connection connection) {
        super(List.of());
        this.credential = credential;
        this.connection = connection;
    }

    Credential credential() {
        return credential;
    }

    Connection connection() {
        return connection;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return "unverified";
    }
}
