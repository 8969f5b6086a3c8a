package dev.postern.sts.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The public keys a client signs its assertions with: one to four P-256 keys. Two at a time let it rotate.
public final class ClientKeys {

    private static final int MAX_KEYS = 4;

    /// A key as verification takes it: parsed once, not at each request.
    private record Named(Optional<String> keyId, ECPublicKey key) {}

    private final List<ECKey> keys;
    private final List<Named> parsed;

    public ClientKeys(List<ECKey> keys) {
        this.keys = List.copyOf(keys);
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException("a client has one to four keys");
        }
        if (keys.stream().anyMatch(JWK::isPrivate)) {
            throw new IllegalArgumentException("a client registers public keys only");
        }
        if (keys.stream().anyMatch(key -> !Curve.P_256.equals(key.getCurve()))) {
            throw new IllegalArgumentException("a client's keys are on P-256");
        }
        Set<String> ids =
                keys.stream().map(key -> String.valueOf(key.getKeyID())).collect(Collectors.toSet());
        if (ids.size() != keys.size()) {
            throw new IllegalArgumentException("a client's keys have different key ids");
        }
        this.parsed = keys.stream().map(ClientKeys::parsed).toList();
    }

    private static Named parsed(ECKey key) {
        try {
            return new Named(Optional.ofNullable(key.getKeyID()), key.toECPublicKey());
        } catch (JOSEException e) {
            throw new IllegalArgumentException("a client's keys are on P-256", e);
        }
    }

    /// Reads a JWK set.
    ///
    /// @throws IllegalArgumentException if it is not one, or breaks a rule above
    public static ClientKeys parse(String jwks) {
        try {
            List<ECKey> keys = new ArrayList<>();
            for (JWK key : JWKSet.parse(jwks).getKeys()) {
                if (!(key instanceof ECKey ec)) {
                    throw new IllegalArgumentException("a client's keys are on P-256");
                }
                keys.add(ec);
            }
            return new ClientKeys(keys);
        } catch (ParseException _) {
            throw new IllegalArgumentException("not a JWK set");
        }
    }

    /// The keys a signature may be by: the one named, or all when none is named.
    public List<ECPublicKey> candidates(Optional<String> keyId) {
        return parsed.stream()
                .filter(named -> keyId.isEmpty() || keyId.equals(named.keyId()))
                .map(Named::key)
                .toList();
    }

    /// The JWK set.
    public Map<String, Object> toJwks() {
        return new JWKSet(List.<JWK>copyOf(keys)).toJSONObject();
    }

    String toJson() {
        return new JWKSet(List.<JWK>copyOf(keys)).toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientKeys same && keys.equals(same.keys);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    @Override
    public String toString() {
        return "ClientKeys[" + keys.size() + "]";
    }
}
