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
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// A client's proof-of-possession key: made here, kept in memory, printed nowhere.
///
/// Thread-safe if `random` and `clock` are.
public final class DpopKey {

    private static final int PROOF_ID_BYTES = 16;

    private final ECKey key;
    private final SecureRandom random;
    private final Clock clock;

    private DpopKey(ECKey key, SecureRandom random, Clock clock) {
        this.key = key;
        this.random = random;
        this.clock = clock;
    }

    public static DpopKey generate(SecureRandom random, Clock clock) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            ECKey key = new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                    .privateKey(pair.getPrivate())
                    .build();
            return new DpopKey(key, random, clock);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /// What the authorization server writes into `cnf.jkt` when this key's proof comes with the token request.
    public String thumbprint() {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// A fresh proof that carries exactly the claims `expected` asks for, with a new `jti` and the present time.
    public String prove(DpopExpectation expected) {
        byte[] proofId = new byte[PROOF_ID_BYTES];
        random.nextBytes(proofId);
        Map<String, Object> claims = new LinkedHashMap<>(expected.claims());
        claims.put("jti", Base64.getUrlEncoder().withoutPadding().encodeToString(proofId));
        claims.put("iat", clock.instant().getEpochSecond());
        JWSObject proof = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType(DpopProof.TYPE))
                        .jwk(key.toPublicJWK())
                        .build(),
                new Payload(claims));
        try {
            proof.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("a P-256 key signs ES256", e);
        }
        return proof.serialize();
    }

    @Override
    public String toString() {
        return "DpopKey[" + thumbprint() + "]";
    }
}
