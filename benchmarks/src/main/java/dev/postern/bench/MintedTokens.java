package dev.postern.bench;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tokens as the token-service issues them: bound, with roles and authorization details, some 900 characters.
final class MintedTokens {

    static final Instant NOW = Instant.parse("2026-11-25T18:54:25Z");
    static final String ISSUER = "https://localhost:8543";
    static final String AUDIENCE = "urn:postern:gateway";

    private final ECKey key;

    MintedTokens() {
        try {
            key = new ECKeyGenerator(Curve.P_256).keyID("2026-11-25-a").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    ECPublicKey publicKey() {
        try {
            return key.toECPublicKey();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    ECKey key() {
        return key;
    }

    String mint(int serial) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", ISSUER);
        claims.put("sub", "reports");
        claims.put("aud", AUDIENCE);
        claims.put("client_id", "reports");
        claims.put("tenant", "demo");
        claims.put("token_use", "inference");
        claims.put("sid", "c2Vzc2lvbi1pZC1vZi0yMg");
        claims.put("jti", "dG9rZW4taWQtb2YtMjItYg" + serial);
        claims.put("iat", NOW.getEpochSecond());
        claims.put("exp", NOW.getEpochSecond() + 300);
        claims.put("scope", "llm:invoke topic:subscribe");
        claims.put("cnf", Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
        claims.put("roles", List.of("analyst"));
        claims.put("pol", 17);
        claims.put(
                "authorization_details", List.of(Map.of("type", "postern_models", "models", List.of("simulator-*"))));
        JWSObject jws = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(key.getKeyID())
                        .build(),
                new Payload(claims));
        try {
            jws.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jws.serialize();
    }
}
