package dev.postern.sts.clientauth;

import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.Clients;
import dev.postern.sts.client.Proof;
import dev.postern.sts.refusal.Refusal;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.crypto.bcrypt.BCrypt;

/// Verifies what a client presented, by the one way that is registered for it. Which check failed goes on record;
/// the caller learns `invalid_client`. Fails closed when the registry or Redis cannot say.
final class ClientAuthenticator implements AuthenticationProvider {

    private final Clients clients;
    private final AssertionVerifier assertions;
    private final CertificateVerifier certificates;
    private final boolean localSecrets;

    /// @param localSecrets whether passwords are taken at all
    ClientAuthenticator(
            Clients clients, AssertionVerifier assertions, CertificateVerifier certificates, boolean localSecrets) {
        this.clients = clients;
        this.assertions = assertions;
        this.certificates = certificates;
        this.localSecrets = localSecrets;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return PresentedClient.class.isAssignableFrom(authentication);
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        PresentedClient presented = (PresentedClient) authentication;
        try {
            return new AuthenticatedClient(verified(presented), presented.connection());
        } catch (DataAccessException _) {
            throw Refusal.TEMPORARILY_UNAVAILABLE.because("registry-unavailable");
        }
    }

    private ClientRegistration verified(PresentedClient presented) {
        return switch (presented.credential()) {
            case Credential.Assertion(String compact, Optional<String> clientId) ->
                assertions.verify(compact, clientId);
            case Credential.Certificate(String clientId) -> {
                ClientRegistration client = client(clientId);
                if (!certificates.proves(client, presented.connection().chain())) {
                    throw Refusal.INVALID_CLIENT.because("certificate");
                }
                yield client;
            }
            case Credential.Password(String clientId, String secret) -> {
                if (!localSecrets) {
                    throw Refusal.INVALID_CLIENT.because("secret-not-taken");
                }
                ClientRegistration client = client(clientId);
                if (!(client.proof() instanceof Proof.Secret(String hash)) || !BCrypt.checkpw(secret, hash)) {
                    throw Refusal.INVALID_CLIENT.because("secret");
                }
                yield client;
            }
        };
    }

    private ClientRegistration client(String clientId) {
        return clients.find(clientId).orElseThrow(() -> Refusal.INVALID_CLIENT.because("unknown-client"));
    }
}
