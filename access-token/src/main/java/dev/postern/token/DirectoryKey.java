package dev.postern.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import java.net.URI;
import java.security.interfaces.ECPublicKey;
import java.util.Map;

/// A token-signing key as the key directory lists it.
///
/// @param owner the service that holds the private key
/// @param instance which replica of it
/// @param publicKey on P-256
public record DirectoryKey(String keyId, URI owner, String instance, State state, ECPublicKey publicKey) {

    /// Where a key stands. All three verify: a consumer may see the owner's first ACTIVE signature before it has
    /// fetched the directory that says so.
    public enum State {
        PREPARED,
        ACTIVE,
        RETIRING
    }

    /// As a JWK set publishes it (RFC 7517).
    public Map<String, Object> toJwk() {
        return new ECKey.Builder(Curve.P_256, publicKey)
                .keyID(keyId)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .build()
                .toJSONObject();
    }
}
