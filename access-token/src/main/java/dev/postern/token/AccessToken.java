package dev.postern.token;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// The claims of a verified access token (RFC 9068).
///
/// It holds nothing secret: the compact token itself is not kept, so printing or logging this record leaks no
/// credential.
///
/// @param tokenId `jti`
/// @param keyId the `kid` of the signing key
/// @param tenant whose data the client works on
/// @param dpopThumbprint `cnf.jkt`: the token is only good together with a proof by that key (RFC 9449)
/// @param certificateThumbprint `cnf.x5t#S256`: only good over mTLS with that certificate (RFC 8705)
public record AccessToken(
        String tokenId,
        String keyId,
        String clientId,
        String subject,
        String tenant,
        Set<String> scopes,
        Set<String> audience,
        Instant issuedAt,
        Instant expiresAt,
        Optional<String> dpopThumbprint,
        Optional<String> certificateThumbprint) {

    public AccessToken {
        scopes = Set.copyOf(scopes);
        audience = Set.copyOf(audience);
    }

    public boolean hasScope(String scope) {
        return scopes.contains(scope);
    }

    /// Whether the token is bound to a key or certificate, that is: worthless as a plain bearer token.
    public boolean isBound() {
        return dpopThumbprint.isPresent() || certificateThumbprint.isPresent();
    }
}
