package dev.postern.rotation;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;

/// Tokens for this service, as the token-service signs them.
public record AdminTokens(ECKey signer, Instant now) {
    /// A signed token.
    ///
    /// @param confirmation to what it is bound, or nothing
    public String token(String client, String subject, String use, String scope, Map<String, Object> confirmation) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer("https://localhost:8543")
                .audience("urn:postern:rotation")
                .subject(subject)
                .claim("client_id", client)
                .claim("tenant", "acme")
                .claim("token_use", use)
                .claim("sid", "session-1")
                .claim("scope", scope)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
        if (!confirmation.isEmpty()) {
            claims.claim("cnf", confirmation);
        }
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(signer.getKeyID())
                        .build(),
                claims.build());
        try {
            jwt.sign(new ECDSASigner(signer));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }
}
