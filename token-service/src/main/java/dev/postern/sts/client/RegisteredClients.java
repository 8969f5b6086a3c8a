package dev.postern.sts.client;

import dev.postern.sts.client.Proof.SignedAssertion;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;

/// The registry as the Authorization Server sees it: identity and authentication method only. What a client may ask
/// for is decided from its [ClientRegistration].
public final class RegisteredClients implements RegisteredClientRepository {

    private final Clients registry;

    public RegisteredClients(Clients registry) {
        this.registry = registry;
    }

    @Override
    public void save(RegisteredClient registeredClient) {
        throw new UnsupportedOperationException("clients are registered through the registry");
    }

    @Override
    public @Nullable RegisteredClient findById(String id) {
        return findByClientId(id);
    }

    @Override
    public @Nullable RegisteredClient findByClientId(String clientId) {
        return registry.find(clientId).map(RegisteredClients::registered).orElse(null);
    }

    private static RegisteredClient registered(ClientRegistration client) {
        RegisteredClient.Builder builder = RegisteredClient.withId(client.clientId())
                .clientId(client.clientId())
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .scopes(scopes -> scopes.addAll(client.scopes()));
        return switch (client.proof()) {
            case SignedAssertion _ ->
                builder.clientAuthenticationMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT)
                        .clientSettings(ClientSettings.builder()
                                .tokenEndpointAuthenticationSigningAlgorithm(SignatureAlgorithm.ES256)
                                .build())
                        .build();
            default ->
                builder.clientAuthenticationMethod(ClientAuthenticationMethod.TLS_CLIENT_AUTH)
                        .build();
        };
    }
}
