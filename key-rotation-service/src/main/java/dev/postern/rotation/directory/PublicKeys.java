package dev.postern.rotation.directory;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.lifecycle.KeyClass;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads what is registered of a key into the one form in which it is stored and published.
final class PublicKeys {
    static final Problem NOT_A_SIGNING_KEY =
            new Problem(400, "not-a-signing-key", "Register the public half of a P-256 key, as a JWK.");
    static final Problem PRIVATE_KEY_SENT = new Problem(
            400, "private-key-sent", "The JWK holds a private key: destroy that key, and register public keys only.");
    static final Problem NOT_A_PUBLIC_KEY =
            new Problem(400, "not-a-public-key", "Register a public JWK of text members, at most 4 KiB, or none.");
    static final Problem NO_PUBLIC_PART = new Problem(
            400, "no-public-part", "Keys of this class have no public half: register the id, and keep the key.");

    static final Problem SERIAL_NUMBER = new Problem(
            400, "serial-number", "An id of 16 to 40 hexadecimal digits is a certificate's: give the key another one.");

    /// Followers of the trust feed learn ids without their classes, and deny certificates by such ids.
    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{16,40}");
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{8,128}");
    /// Of every kind of JWK (RFC 7518, RFC 8037, RFC 9864): private exponents, primes, seeds, symmetric keys.
    private static final Set<String> PRIVATE = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv");
    private static final int LONGEST = 4096;

    private PublicKeys() {}

    /// @param jwk empty where none was sent
    static Map<String, String> read(KeyClass keyClass, String kid, Map<String, Object> jwk) {
        if (!KEY_ID.matcher(kid).matches()) {
            throw new ProblemException(Problem.MALFORMED);
        }
        if (keyClass != KeyClass.SERVICE_CERT && SERIAL.matcher(kid).matches()) {
            throw new ProblemException(SERIAL_NUMBER);
        }
        if (jwk.keySet().stream().anyMatch(PRIVATE::contains)) {
            throw new ProblemException(PRIVATE_KEY_SENT);
        }
        return switch (keyClass.publicPart()) {
            case P256_SIGNATURE -> signing(kid, jwk);
            case ANY -> any(kid, jwk);
            case NONE -> none(jwk);
        };
    }

    private static Map<String, String> none(Map<String, Object> jwk) {
        if (!jwk.isEmpty()) {
            throw new ProblemException(NO_PUBLIC_PART);
        }
        return Map.of();
    }

    private static Map<String, String> any(String kid, Map<String, Object> jwk) {
        Map<String, String> normal = new LinkedHashMap<>();
        int length = 0;
        for (Map.Entry<String, Object> member : jwk.entrySet()) {
            if (!(member.getValue() instanceof String text)) {
                throw new ProblemException(NOT_A_PUBLIC_KEY);
            }
            length += member.getKey().length() + text.length();
            normal.put(member.getKey(), text);
        }
        boolean fits = length <= LONGEST
                && (jwk.isEmpty() || normal.containsKey("kty"))
                && normal.getOrDefault("kid", kid).equals(kid);
        if (!fits) {
            throw new ProblemException(NOT_A_PUBLIC_KEY);
        }
        return normal;
    }

    private static Map<String, String> signing(String kid, Map<String, Object> jwk) {
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
