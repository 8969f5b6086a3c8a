package dev.postern.cli.token;

import com.nimbusds.jose.jwk.ECKey;
import dev.postern.cli.home.ClientKeys;
import dev.postern.session.ProofKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a client asks the token-service for.
///
/// @param key the client's own key; it signs the assertion
/// @param scope separated by blanks
/// @param boundTo the key that the token shall be bound to (RFC 9449), if any
/// @param subject the token to trade for a new one, if any
/// @param more further form parameters: `token_use`, `uses`, `authorization_details`
public record TokenRequest(
        String clientId,
        ECKey key,
        String scope,
        String audience,
        Optional<ProofKey> boundTo,
        Optional<SubjectToken> subject,
        Map<String, String> more) {
    public static final String GATEWAY = "urn:postern:gateway";
    public static final String RELAY = "urn:postern:relay";
    public static final String REDACTION = "urn:postern:redaction";
    public static final String AUDIT = "urn:postern:audit";
    public static final String ADMIN = "urn:postern:admin";
    public static final String ROTATION = "urn:postern:rotation";

    public TokenRequest {
        more = Map.copyOf(more);
    }

    /// Bound to nothing, unless the connection has a client certificate.
    public static TokenRequest of(ClientKeys client, String scope, String audience) {
        return of(client.client(), client.signingKey(), scope, audience);
    }

    /// As above, for a client whose key lies elsewhere.
    public static TokenRequest of(String clientId, ECKey key, String scope, String audience) {
        return new TokenRequest(clientId, key, scope, audience, Optional.empty(), Optional.empty(), Map.of());
    }

    public TokenRequest boundTo(ProofKey proofKey) {
        return new TokenRequest(clientId, key, scope, audience, Optional.of(proofKey), subject, more);
    }

    public TokenRequest exchanging(SubjectToken token) {
        return new TokenRequest(clientId, key, scope, audience, boundTo, Optional.of(token), more);
    }

    /// What the token is for, when it is not what its audience usually is for.
    public TokenRequest use(String tokenUse) {
        return with("token_use", tokenUse);
    }

    /// How often a capability may be used.
    public TokenRequest uses(int count) {
        return with("uses", Integer.toString(count));
    }

    /// Narrows the token (RFC 9396).
    ///
    /// @param authorizationDetails a JSON array
    public TokenRequest details(String authorizationDetails) {
        return with("authorization_details", authorizationDetails);
    }

    private TokenRequest with(String parameter, String value) {
        Map<String, String> all = new LinkedHashMap<>(more);
        all.put(parameter, value);
        return new TokenRequest(clientId, key, scope, audience, boundTo, subject, all);
    }

    @Override
    public String toString() {
        return "TokenRequest[" + clientId + ", " + scope + ", " + audience + "]";
    }
}
