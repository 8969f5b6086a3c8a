package dev.postern.rotation.directory;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads the JWK of a registration into the one form in which it is stored and published.
final class PublicSigningKey {
    static final Problem NOT_A_SIGNING_KEY =
            new Problem(400, "not-a-signing-key", "Register the public half of a P-256 key, as a JWK.");
    static final Problem PRIVATE_KEY_SENT = new Problem(
            400, "private-key-sent", "The JWK holds a private key: destroy that key, and register public keys only.");

    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{8,128}");

    private PublicSigningKey() {}

    static Map<String, String> read(String kid, Map<String, Object> jwk) {
        if (!KEY_ID.matcher(kid).matches()) {
            throw new ProblemException(Problem.MALFORMED);
        }
        if (jwk.containsKey("d")) {
            throw new ProblemException(PRIVATE_KEY_SENT);
        }
        try {
            ECKey key = ECKey.parse(jwk);
            boolean fits = Curve.P_256.equals(key.getCurve())
                    && (key.getKeyID() == null || key.getKeyID().equals(kid))
                    && (key.getAlgorithm() == null || JWSAlgorithm.ES256.equals(key.getAlgorithm()))
                    && (key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse()));
            if (!fits) {
                throw new ProblemException(NOT_A_SIGNING_KEY);
            }
            Map<String, String> normal = new LinkedHashMap<>();
            normal.put("kty", "EC");
            normal.put("crv", "P-256");
            normal.put("x", key.getX().toString());
            normal.put("y", key.getY().toString());
            normal.put("kid", kid);
            normal.put("use", "sig");
            normal.put("alg", "ES256");
            return normal;
        } catch (ParseException | IllegalArgumentException | IllegalStateException _) {
            // Nimbus checks that the point is on the curve.
            throw new ProblemException(NOT_A_SIGNING_KEY);
        }
    }
}
