package dev.postern.token;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Optional;

/// The signature algorithms that exist here (RFC 7518 section 3.1, RFC 9864): asymmetric ones only, each with its kind
/// of key, so that no key is ever used for another algorithm than its own.
enum JwsAlgorithm {
    ES256("ES256") {
        @Override
        boolean verifies(PublicKey key, byte[] input, byte[] signature) {
            return key instanceof ECPublicKey ec && Es256.verify(ec, input, signature);
        }
    },
    RS256("RS256") {
        @Override
        boolean verifies(PublicKey key, byte[] input, byte[] signature) throws GeneralSecurityException {
            return isRsa(key) && check(Signature.getInstance("SHA256withRSA"), key, input, signature);
        }
    },
    PS256("PS256") {
        @Override
        boolean verifies(PublicKey key, byte[] input, byte[] signature) throws GeneralSecurityException {
            Signature pss = Signature.getInstance("RSASSA-PSS");
            pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            return isRsa(key) && check(pss, key, input, signature);
        }
    },
    EDDSA("EdDSA") {
        @Override
        boolean verifies(PublicKey key, byte[] input, byte[] signature) throws GeneralSecurityException {
            return key instanceof EdECPublicKey && check(Signature.getInstance("Ed25519"), key, input, signature);
        }
    };

    private static final int SMALLEST_RSA_BITS = 2048;

    private final String wireName;

    JwsAlgorithm(String wireName) {
        this.wireName = wireName;
    }

    static Optional<JwsAlgorithm> of(String wireName) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.wireName.equals(wireName))
                .findFirst();
    }

    abstract boolean verifies(PublicKey key, byte[] input, byte[] signature) throws GeneralSecurityException;

    boolean verify(PublicKey key, byte[] input, byte[] signature) {
        try {
            return verifies(key, input, signature);
        } catch (GeneralSecurityException _) {
            // A signature of another length, or a key out of range: not made by this key.
            return false;
        }
    }

    private static boolean isRsa(PublicKey key) {
        return key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= SMALLEST_RSA_BITS;
    }

    private static boolean check(Signature verification, PublicKey key, byte[] input, byte[] signature)
            throws GeneralSecurityException {
        verification.initVerify(key);
        verification.update(input);
        return verification.verify(signature);
    }
}
