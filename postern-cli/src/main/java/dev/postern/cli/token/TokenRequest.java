package dev.postern.cli.token;

import com.nimbusds.jose.jwk.ECKey;
import dev.postern.cli.home.ClientKeys;
import dev.postern.session.ProofKey;
import java.util.Optional;

/// What a client asks the token-service for.
///
/// @param key the client's own key; it signs the assertion
/// @param scope separated by blanks
/// @param boundTo the key that the token shall be bound to (RFC 9449), if any
/// @param use what the token is for (`token_use`), when it is not what its audience usually is for
/// @param details `authorization_details` (RFC 9396), a JSON array
/// @param subjectToken the token to trade for a new one (RFC 8693), if any
public record TokenRequest(
        String clientId,
        ECKey key,
        String scope,
        String audience,
        Optional<ProofKey> boundTo,
        Optional<String> use,
        Optional<String> details,
        Optional<String> subjectToken) {
    public static final String GATEWAY = "urn:postern:gateway";
    public static final String RELAY = "urn:postern:relay";
    public static final String AUDIT = "urn:postern:audit";
    public static final String ADMIN = "urn:postern:admin";
    public static final String ROTATION = "urn:postern:rotation";

    /// Bound to nothing, unless the connection has a client certificate.
    public static TokenRequest of(ClientKeys client, String scope, String audience) {
        return of(client.client(), client.signingKey(), scope, audience);
    }

    /// As above, for a client whose key lies elsewhere.
    public static TokenRequest of(String clientId, ECKey key, String scope, String audience) {
        return new TokenRequest(
                clientId, key, scope, audience, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public TokenRequest boundTo(ProofKey proofKey) {
        return new TokenRequest(clientId, key, scope, audience, Optional.of(proofKey), use, details, subjectToken);
    }

    public TokenRequest use(String tokenUse) {
        return new TokenRequest(clientId, key, scope, audience, boundTo, Optional.of(tokenUse), details, subjectToken);
    }

    public TokenRequest details(String authorizationDetails) {
        return new TokenRequest(
                clientId, key, scope, audience, boundTo, use, Optional.of(authorizationDetails), subjectToken);
    }

    public TokenRequest exchanging(String subject) {
        return new TokenRequest(clientId, key, scope, audience, boundTo, use, details, Optional.of(subject));
    }

    @Override
    public String toString() {
        return "TokenRequest[" + clientId + ", " + scope + ", " + audience + "]";
    }
}
