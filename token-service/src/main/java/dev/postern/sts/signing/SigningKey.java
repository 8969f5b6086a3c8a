package dev.postern.sts.signing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;

/// A P-256 key that signs access tokens. The private part never leaves this object and prints nothing.
///
/// Its id is the RFC 7638 thumbprint of its public part: two keys cannot share an id.
public final class SigningKey {

    private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

    private final ECKey publicKey;
    private final JWSSigner signer;

    private SigningKey(ECKey publicKey, JWSSigner signer) {
        this.publicKey = publicKey;
        this.signer = signer;
    }

    static SigningKey generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            PrivateKey privateKey = pair.getPrivate();
            ECKey publicKey = new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                    .keyIDFromThumbprint()
                    .build();
            return new SigningKey(publicKey, new ECDSASigner(privateKey, Curve.P_256));
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    public String keyId() {
        return publicKey.getKeyID();
    }

    Map<String, Object> publicJwk() {
        return publicKey.toJSONObject();
    }

    /// The compact access token (RFC 9068) with these claims.
    public String sign(JWTClaimsSet claims) {
        return sign(ACCESS_TOKEN, claims);
    }

    /// A signed JWT of another type.
    public String sign(JOSEObjectType type, JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(type)
                            .keyID(keyId())
                            .build(),
                    claims);
            jwt.sign(signer);
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("a P-256 key signs ES256", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + keyId() + "]";
    }
}
