package dev.postern.sts.clientauth;

import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.refusal.Refusal;
import java.util.List;
import java.util.Optional;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

/// A client that proved to be itself. Only [ClientAuthenticator] makes one.
public final class AuthenticatedClient extends AbstractAuthenticationToken {

    private final transient ClientRegistration registration;
    private final transient Connection connection;

    AuthenticatedClient(ClientRegistration registration, Connection connection) {
        super(List.of());
        this.registration = registration;
        this.connection = connection;
        setAuthenticated(true);
    }

    /// The client whose request this is.
    public static Optional<AuthenticatedClient> current() {
        return SecurityContextHolder.getContext().getAuthentication() instanceof AuthenticatedClient client
                ? Optional.of(client)
                : Optional.empty();
    }

    /// The name of the client whose request this is.
    public static Optional<String> id() {
        return current().map(client -> client.registration().clientId());
    }

    public ClientRegistration registration() {
        return registration;
    }

    public Connection connection() {
        return connection;
    }

    /// Refuses a client that proved itself from an address that is not registered for it.
    ///
    /// @throws dev.postern.sts.refusal.Refused in that case
    public void requireAddress() {
        var networks = registration.policy().networks();
        if (!networks.isEmpty() && networks.stream().noneMatch(range -> range.contains(connection.address()))) {
            throw Refusal.UNAUTHORIZED_CLIENT.because("address");
        }
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public String getPrincipal() {
        return registration.clientId();
    }
}
