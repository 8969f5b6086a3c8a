package dev.postern.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.postern.token.TokenRejected.Reason;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A verified proof of possession (DPoP, RFC 9449 section 4.3): its sender holds the private key of `thumbprint` and
/// made the proof for this method and target.
///
/// Non-guarantee: single use. The caller refuses a second proof with the same (`thumbprint`, `proofId`), and
/// compares `thumbprint` with the token's (or calls [#requireKeyOf]).
///
/// @param thumbprint RFC 7638 thumbprint of the key, as in a token's `cnf.jkt`
/// @param proofId `jti`; at most 128 characters
/// @param claims every string claim of the proof
public record DpopProof(String thumbprint, String proofId, Instant issuedAt, Map<String, String> claims) {

    /// Longer proofs are refused unread.
    public static final int MAX_LENGTH = 8 * 1024;

    static final String TYPE = "dpop+jwt";

    private static final int MAX_PROOF_ID_LENGTH = 128;

    public DpopProof {
        claims = Map.copyOf(claims);
    }

    public static DpopProof verify(String compact, DpopExpectation expected, Clock clock) throws TokenRejected {
        CompactJws jws = CompactJws.parse(compact, MAX_LENGTH).requireType(TYPE);
        ECKey key = key(jws.header());
        try {
            jws.verify(key.toECPublicKey());
            DpopProof proof = proof(key.computeThumbprint().toString(), jws.payload());
            proof.requireFresh(expected, clock.instant());
            proof.requireMatch(expected);
            return proof;
        } catch (JOSEException _) {
            throw new TokenRejected(Reason.MALFORMED);
        }
    }

    /// Refuses unless `token` is bound to the key that made this proof.
    public DpopProof requireKeyOf(AccessToken token) throws TokenRejected {
        if (!token.dpopThumbprint().equals(Optional.of(thumbprint))) {
            throw new TokenRejected(Reason.WRONG_BINDING);
        }
        return this;
    }

    /// The name under which stores remember that it was used: its key and `jti` together, for two clients must not be
    /// able to burn each other's proofs. Kept for [DpopExpectation#acceptance].
    public String singleUseName() {
        return "dpop:" + thumbprint + ":" + DpopExpectation.hash(proofId.getBytes(StandardCharsets.UTF_8));
    }

    private static DpopProof proof(String thumbprint, Claims claims) throws TokenRejected {
        String proofId = claims.text("jti");
        if (proofId.length() > MAX_PROOF_ID_LENGTH) {
            throw new TokenRejected(Reason.MALFORMED);
        }
        return new DpopProof(thumbprint, proofId, claims.time("iat"), claims.allTexts());
    }

    private static ECKey key(Claims header) throws TokenRejected {
        Claims jwk = header.optionalObject("jwk").orElseThrow(() -> new TokenRejected(Reason.UNKNOWN_KEY));
        try {
            // Nimbus refuses a point that is not on its curve.
            ECKey key = ECKey.parse(jwk.object().toString());
            if (key.isPrivate() || !Curve.P_256.equals(key.getCurve())) {
                throw new TokenRejected(Reason.MALFORMED);
            }
            // A key has one thumbprint: its coordinates are written in one way only (RFC 7518, 6.2.1.2).
            ECKey canonical = new ECKey.Builder(Curve.P_256, key.toECPublicKey()).build();
            if (!canonical.getX().equals(key.getX()) || !canonical.getY().equals(key.getY())) {
                throw new TokenRejected(Reason.MALFORMED);
            }
            return canonical;
        } catch (ParseException | JOSEException | IllegalArgumentException _) {
            throw new TokenRejected(Reason.MALFORMED);
        }
    }

    private void requireFresh(DpopExpectation expected, Instant now) throws TokenRejected {
        if (issuedAt.isAfter(now.plus(expected.skew()))) {
            throw new TokenRejected(Reason.NOT_YET_VALID);
        }
        if (issuedAt.plus(expected.maxAge()).plus(expected.skew()).isBefore(now)) {
            throw new TokenRejected(Reason.EXPIRED);
        }
    }

    private void requireMatch(DpopExpectation expected) throws TokenRejected {
        for (Map.Entry<String, String> claim : expected.claims().entrySet()) {
            String actual = claims.get(claim.getKey());
            if (actual == null) {
                throw new TokenRejected(Reason.MISSING_CLAIM);
            }
            if (!actual.equals(claim.getValue())) {
                throw new TokenRejected(Reason.WRONG_BINDING);
            }
        }
    }
}
