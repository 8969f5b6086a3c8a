package dev.postern.gateway.relay;

import com.nimbusds.jose.JWSObject;
import java.text.ParseException;
import java.util.Map;

/// The gateway's own access token for the relay. Prints nothing of the token but its names.
///
/// The names are read without verifying the signature: the token came over TLS from the token-service itself, and it is
/// the relay that has to believe it.
final class RelayToken {
    private final String compact;
    private final String tokenId;
    private final String keyId;
    private final String tenant;

    private RelayToken(String compact, String tokenId, String keyId, String tenant) {
        this.compact = compact;
        this.tokenId = tokenId;
        this.keyId = keyId;
        this.tenant = tenant;
    }

    /// @throws RelayUnreachable when it is no token of ours
    static RelayToken of(String compact) {
        try {
            JWSObject jws = JWSObject.parse(compact);
            Map<String, Object> claims = jws.getPayload().toJSONObject();
            String keyId = jws.getHeader().getKeyID();
            if (claims != null
                    && keyId != null
                    && claims.get("jti") instanceof String tokenId
                    && claims.get("tenant") instanceof String tenant) {
                return new RelayToken(compact, tokenId, keyId, tenant);
            }
        } catch (ParseException _) {
            // Falls through: it is unusable like any other that lacks a name.
        }
        throw new RelayUnreachable("token-unusable");
    }

    /// The secret; it goes into the sealed part of OPEN and nowhere else.
    String reveal() {
        return compact;
    }

    String tokenId() {
        return tokenId;
    }

    String keyId() {
        return keyId;
    }

    String tenant() {
        return tenant;
    }

    @Override
    public String toString() {
        return "RelayToken[" + tokenId + "]";
    }
}
