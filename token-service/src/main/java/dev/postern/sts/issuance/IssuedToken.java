package dev.postern.sts.issuance;

import dev.postern.sts.issuance.TokenMint.Minted;
import java.time.Instant;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/// An issued token on its way to the answer, in the type that the framework's end point passes on.
final class IssuedToken extends OAuth2AccessTokenAuthenticationToken {

    /// The framework wants one, and nothing looks at it: what the client is, is in the grant.
    private static final RegisteredClient UNUSED = RegisteredClient.withId("unused")
            .clientId("unused")
            .clientAuthenticationMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT)
            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
            .build();

    private final transient Minted minted;

    IssuedToken(Authentication client, Minted minted) {
        super(
                UNUSED,
                client,
                new OAuth2AccessToken(
                        OAuth2AccessToken.TokenType.BEARER, minted.compact(), Instant.EPOCH, minted.expiresAt()));
        this.minted = minted;
    }

    Minted minted() {
        return minted;
    }
}
