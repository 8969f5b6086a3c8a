package dev.postern.gateway.platform;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.token.VerificationKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// A token-service's key, and what it signs.
public final class Tokens implements VerificationKeys {
    public static final String ISSUER = "https://localhost:8543";

    private final ECKey key = generate();

    private static ECKey generate() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("key-1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Optional<ECPublicKey> find(String kid) {
        try {
            return kid.equals(key.getKeyID()) ? Optional.of(key.toECPublicKey()) : Optional.empty();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A token that may do everything at the gateway.
    public String good() {
        return signed(UnaryOperator.identity());
    }

    /// The same, changed.
    public String signed(UnaryOperator<JWTClaimsSet.Builder> change) {
        return signedBy(key, change);
    }

    /// Whatever these texts say, signed as a compact JWS by the real key with ES256.
    public String raw(String header, String payload) {
        String input = base64(header) + "." + base64(payload);
        try {
            Signature ecdsa = Signature.getInstance("SHA256withECDSAinP1363Format");
            ecdsa.initSign(key.toECPrivateKey());
            ecdsa.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(ecdsa.sign());
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// As good as [#good], but for the signer.
    public String forged() {
        try {
            return signedBy(new ECKeyGenerator(Curve.P_256).keyID("key-1").generate(), UnaryOperator.identity());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The gateway's own, bound to the key of `thumbprint`.
    String forRelay(String thumbprint) {
        return signed(claims -> claims.audience("urn:postern:relay")
                .claim("client_id", "gateway-service")
                .claim("scope", "llm:delegate")
                .claim("cnf", Map.of("jkt", thumbprint)));
    }

    /// An application's own for a relay, bound to the key of `thumbprint`.
    public String forSession(String thumbprint) {
        return signed(claims -> claims.audience("urn:postern:relay")
                .claim("token_use", "session")
                .claim("cnf", Map.of("jkt", thumbprint)));
    }

    private static String signedBy(ECKey signer, UnaryOperator<JWTClaimsSet.Builder> change) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject("demo")
                .audience("urn:postern:gateway")
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("client_id", "demo")
                .claim("tenant", "acme")
                .claim("token_use", "inference")
                .claim("sid", "session-1")
                .claim("scope", "llm:invoke");
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(signer.getKeyID())
                        .build(),
                change.apply(claims).build());
        try {
            token.sign(new ECDSASigner(signer));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }
}
