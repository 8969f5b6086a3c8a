package dev.postern.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// `K_c`: the P-256 key a client proves possession of (RFC 9449), for OPEN and for the token endpoint that bound
/// its token to it. Safe for many threads.
public final class ProofKey {
    private static final JOSEObjectType TYPE = new JOSEObjectType("dpop+jwt");

    private static final int PROOF_ID_LENGTH = 16;

    private final SecureRandom random;
    private final ECKey publicJwk;
    private final String thumbprint;
    private final ECDSASigner signer;

    /// With a random source of its own for `jti`.
    ///
    /// @param pair a P-256 key pair
    public ProofKey(KeyPair pair) {
        this(pair, new SecureRandom());
    }

    /// @param pair a P-256 key pair
    /// @param random where `jti` comes from
    public ProofKey(KeyPair pair, SecureRandom random) {
        this.random = random;
        if (!(pair.getPublic() instanceof ECPublicKey publicKey)) {
            throw new IllegalArgumentException("a proof key is a P-256 key");
        }
        try {
            this.publicJwk = new ECKey.Builder(Curve.P_256, publicKey).build();
            this.thumbprint = publicJwk.computeThumbprint().toString();
            this.signer = new ECDSASigner(pair.getPrivate(), Curve.P_256);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("a proof key is a P-256 key", e);
        }
    }

    /// `jkt`: the value of `cnf` in a token bound to this key.
    public String thumbprint() {
        return thumbprint;
    }

    /// A DPoP proof of this key: a compact JWS with the public key in its header.
    ///
    /// @param method `htm`, the HTTP method or `OPEN`
    /// @param target `htu`
    /// @param issuedAt `iat`
    /// @param claims further claims, such as `ath` and `nonce`
    public String prove(String method, String target, Instant issuedAt, Map<String, String> claims) {
        byte[] proofId = new byte[PROOF_ID_LENGTH];
        random.nextBytes(proofId);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("htm", method);
        all.put("htu", target);
        all.put("jti", Base64Url.encode(proofId));
        all.put("iat", issuedAt.getEpochSecond());
        all.putAll(claims);
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(TYPE)
                .jwk(publicJwk)
                .build();
        JWSObject proof = new JWSObject(header, new Payload(all));
        try {
            proof.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("the proof key does not sign", e);
        }
        return proof.serialize();
    }

    String prove(ExpectedProof expected, Instant issuedAt) {
        return prove(
                expected.htm(),
                expected.htu(),
                issuedAt,
                Map.of("ath", expected.ath(), "nonce", expected.nonce(), "tsh", expected.tsh()));
    }

    static String tokenHash(String token) {
        return Base64Url.encode(Hashing.sha256(token.getBytes(US_ASCII)));
    }

    @Override
    public String toString() {
        return "ProofKey[" + thumbprint + "]";
    }
}
