package dev.postern.cli.token;

import com.nimbusds.jose.jwk.ECKey;
import dev.postern.session.ProofKey;
import java.util.Optional;

/// What a client asks the token-service for.
///
/// @param key the client's own key; it signs the assertion
/// @param boundTo the key that the token shall be bound to (RFC 9449), if any
public record TokenRequest(String clientId, ECKey key, String scope, String audience, Optional<ProofKey> boundTo) {
    public static final String GATEWAY = "urn:postern:gateway";
    public static final String RELAY = "urn:postern:relay";
    public static final String AUDIT = "urn:postern:audit";

    public static TokenRequest bearer(String clientId, ECKey key, String scope, String audience) {
        return new TokenRequest(clientId, key, scope, audience, Optional.empty());
    }

    @Override
    public String toString() {
        return "TokenRequest[" + clientId + ", " + scope + ", " + audience + "]";
    }
}
