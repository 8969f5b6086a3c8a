package dev.postern.token;

import dev.postern.token.TokenRejected.Reason;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Set;

/// A compact JWS (RFC 7515) taken apart strictly: three canonical base64url parts, JSON objects without duplicate
/// members, `alg` ES256 only unless others are named, no header parameter that names another key or changes the
/// processing.
///
/// Parsing proves nothing; only [#verify] does.
public final class CompactJws {

    private static final Base64.Decoder BASE64URL = Base64.getUrlDecoder();
    private static final Base64.Encoder BASE64URL_UNPADDED =
            Base64.getUrlEncoder().withoutPadding();

    /// Parameters by which a forger could choose the key, or that need processing which does not exist here.
    private static final Set<String> NEVER = Set.of("crit", "jku", "x5u", "b64", "zip");

    private static final Set<String> ES256 = Set.of("ES256");

    private final JwsAlgorithm algorithm;
    private final Claims header;
    private final byte[] payload;
    private final byte[] signingInput;
    private final byte[] signature;

    private CompactJws(JwsAlgorithm algorithm, Claims header, byte[] payload, byte[] signingInput, byte[] signature) {
        this.algorithm = algorithm;
        this.header = header;
        this.payload = payload;
        this.signingInput = signingInput;
        this.signature = signature;
    }

    /// One signed with ES256, as everything of ours is.
    public static CompactJws parse(String compact, int maxLength) throws TokenRejected {
        return parse(compact, maxLength, ES256);
    }

    /// Takes a compact JWS apart.
    ///
    /// @param maxLength in characters; longer ones are refused unread
    /// @param algorithms the values of `alg` that are taken; only asymmetric ones exist here
    public static CompactJws parse(String compact, int maxLength, Set<String> algorithms) throws TokenRejected {
        if (compact.length() > maxLength) {
            throw new TokenRejected(Reason.OVERSIZED);
        }
        int first = compact.indexOf('.');
        int second = compact.indexOf('.', first + 1);
        if (first <= 0 || second < 0 || compact.indexOf('.', second + 1) >= 0) {
            throw new TokenRejected(Reason.MALFORMED);
        }
        Claims header = Claims.parse(decode(compact.substring(0, first)));
        for (String parameter : NEVER) {
            if (header.has(parameter)) {
                throw new TokenRejected(Reason.MALFORMED);
            }
        }
        JwsAlgorithm algorithm = header.optionalText("alg")
                .filter(algorithms::contains)
                .flatMap(JwsAlgorithm::of)
                .orElseThrow(() -> new TokenRejected(Reason.WRONG_ALGORITHM));
        return new CompactJws(
                algorithm,
                header,
                decode(compact.substring(first + 1, second)),
                compact.substring(0, second).getBytes(StandardCharsets.US_ASCII),
                decode(compact.substring(second + 1)));
    }

    /// The header; nothing in it is proven before [#verify], and it names no key but one that is known anyway.
    public Claims header() {
        return header;
    }

    /// The payload as a JSON object.
    public Claims payload() throws TokenRejected {
        return Claims.parse(payload);
    }

    /// The payload as it was signed; not a copy, the caller owns it.
    public byte[] payloadBytes() {
        return payload;
    }

    /// `typ` with or without the `application/` prefix, compared as media types are: ignoring case.
    public CompactJws requireType(String type) throws TokenRejected {
        String actual = header.optionalText("typ").orElse("");
        if (!actual.equalsIgnoreCase(type) && !actual.equalsIgnoreCase("application/" + type)) {
            throw new TokenRejected(Reason.WRONG_TYPE);
        }
        return this;
    }

    /// Refuses unless the key made the signature; a key of another kind than the algorithm's never did.
    public void verify(PublicKey key) throws TokenRejected {
        if (!algorithm.verify(key, signingInput, signature)) {
            throw new TokenRejected(Reason.BAD_SIGNATURE);
        }
    }

    private static byte[] decode(String part) throws TokenRejected {
        try {
            byte[] bytes = BASE64URL.decode(part);
            // The JDK's decoder forgives padding and stray trailing bits: one token would have several spellings.
            if (!BASE64URL_UNPADDED.encodeToString(bytes).equals(part)) {
                throw new TokenRejected(Reason.MALFORMED);
            }
            return bytes;
        } catch (IllegalArgumentException _) {
            throw new TokenRejected(Reason.MALFORMED);
        }
    }
}
