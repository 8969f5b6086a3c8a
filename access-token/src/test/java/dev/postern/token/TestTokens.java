package dev.postern.token;

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
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Makes good tokens, and tokens that are wrong in one way.
final class TestTokens {
    static final String ISSUER = "https://localhost:8543";
    static final String AUDIENCE = "urn:postern:gateway";

    private final ECKey key;

    TestTokens(String kid) {
        this(generated(kid));
    }

    TestTokens(ECKey key) {
        this.key = key;
    }

    private static ECKey generated(String kid) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    ECKey key() {
        return key;
    }

    ECPublicKey publicKey() {
        try {
            return key.toECPublicKey();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A token as the verifier gives it, with nothing special about it.
    static AccessToken verified(Optional<String> dpopThumbprint) {
        return new AccessToken(
                "id",
                "key-1",
                TokenUse.INFERENCE,
                "session",
                "client",
                "subject",
                "tenant",
                List.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Instant.EPOCH,
                Instant.EPOCH,
                0,
                new AccessToken.Binding(dpopThumbprint, Optional.empty(), List.of()),
                List.of(),
                OptionalInt.empty());
    }

    static Map<String, Object> claims(Instant now) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", ISSUER);
        claims.put("aud", AUDIENCE);
        claims.put("client_id", "demo");
        claims.put("sub", "demo");
        claims.put("tenant", "acme");
        claims.put("token_use", "inference");
        claims.put("sid", "session-1");
        claims.put("scope", "llm:invoke audit:read");
        claims.put("jti", "token-1");
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + 300);
        return claims;
    }

    String sign(Map<String, Object> claims) {
        return sign("at+jwt", JSONObjectUtils.toJSONString(claims)); // keeps the order of the claims
    }

    String sign(String type, String payload) {
        return sign(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType(type))
                        .keyID(key.getKeyID())
                        .build(),
                payload);
    }

    String sign(JWSHeader header, String payload) {
        try {
            JWSObject jws = new JWSObject(header, new Payload(payload));
            jws.sign(new ECDSASigner(key));
            return jws.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Signs whatever the header says, so that only the header is wrong.
    String signRaw(String header, String payload) {
        try {
            String input = base64(header) + "." + base64(payload);
            return input + "."
                    + new ECDSASigner(key)
                            .sign(new JWSHeader(JWSAlgorithm.ES256), input.getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
