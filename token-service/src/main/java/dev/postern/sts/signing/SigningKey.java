package dev.postern.sts.signing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.postern.token.Es256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/// A P-256 key that signs access tokens. The private part never leaves this object and prints nothing.
///
/// Its id is the RFC 7638 thumbprint of its public part: two keys cannot share an id.
public final class SigningKey {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final ECKey publicKey;
    private final PrivateKey privateKey;
    private final byte[] accessTokenHeader;

    private SigningKey(ECKey publicKey, PrivateKey privateKey) {
        this.publicKey = publicKey;
        this.privateKey = Es256.prepared(privateKey);
        this.accessTokenHeader = header("at+jwt");
    }

    static SigningKey generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            ECKey publicKey = new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                    .keyIDFromThumbprint()
                    .build();
            return new SigningKey(publicKey, pair.getPrivate());
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
    ///
    /// @param claims a JSON object
    public String sign(byte[] claims) {
        return compact(accessTokenHeader, claims);
    }

    /// A compact JWT of another type.
    public String sign(JOSEObjectType type, JWTClaimsSet claims) {
        return compact(header(type.getType()), claims.toString().getBytes(StandardCharsets.UTF_8));
    }

    private byte[] header(String type) {
        // The key id is base64url and the type a constant of ours: neither needs escaping.
        String json = "{\"alg\":\"ES256\",\"typ\":\"" + type + "\",\"kid\":\"" + keyId() + "\"}";
        return BASE64URL.encode(json.getBytes(StandardCharsets.US_ASCII));
    }

    private String compact(byte[] header, byte[] claims) {
        byte[] payload = BASE64URL.encode(claims);
        byte[] input = Arrays.copyOf(header, header.length + 1 + payload.length);
        input[header.length] = '.';
        System.arraycopy(payload, 0, input, header.length + 1, payload.length);
        try {
            return new String(input, StandardCharsets.US_ASCII)
                    + "."
                    + BASE64URL.encodeToString(Es256.sign(privateKey, input));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a P-256 key signs ES256", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + keyId() + "]";
    }
}
