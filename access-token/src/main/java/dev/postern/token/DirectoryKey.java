package dev.postern.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import java.net.URI;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A token-signing key as the key directory lists it.
///
/// @param owner the service that holds the private key
/// @param instance which replica of it
/// @param publicKey on P-256
/// @param since when it came to this state, by the directory's clock, in whole seconds; empty when the directory is of
///     a version that does not say
public record DirectoryKey(
        String keyId, URI owner, String instance, State state, ECPublicKey publicKey, Optional<Instant> since) {

    /// Where a key stands. All three verify: a consumer may see the owner's first ACTIVE signature before it has
    /// fetched the directory that says so.
    public enum State {
        PREPARED,
        ACTIVE,
        RETIRING
    }

    /// As it is after it was listed for the last time, no later than `seen`: the owner signs nothing with it any more.
    DirectoryKey over(Instant seen) {
        return new DirectoryKey(
                keyId, owner, instance, State.RETIRING, publicKey, state == State.RETIRING ? since : Optional.of(seen));
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
