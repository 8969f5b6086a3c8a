package dev.postern.sts.clientauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.sts.client.ClientKeys;
import dev.postern.sts.clientauth.AssertionRejected.Reason;
import dev.postern.sts.singleuse.UsedOnce;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/// Verifies one client's assertions (RFC 7523 section 3): its key, ES256, the issuer as only audience, a short life,
/// and an id that was never used. The id is used up only by an assertion that is good in all other respects.
final class AssertionDecoder implements JwtDecoder {

    private static final int MAX_LENGTH = 8 * 1024;
    private static final int MAX_ID_LENGTH = 128;
    private static final Set<String> TYPES = Set.of("jwt", "client-authentication+jwt");

    private final String clientId;
    private final ClientKeys keys;
    private final AssertionPolicy policy;
    private final UsedOnce usedOnce;
    private final Clock clock;

    AssertionDecoder(String clientId, ClientKeys keys, AssertionPolicy policy, UsedOnce usedOnce, Clock clock) {
        this.clientId = clientId;
        this.keys = keys;
        this.policy = policy;
        this.usedOnce = usedOnce;
        this.clock = clock;
    }

    @Override
    public Jwt decode(String assertion) throws AssertionRejected {
        try {
            SignedJWT jwt = parse(assertion);
            verifySignature(jwt);
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            requireClient(claims);
            requireAudience(claims);
            Instant expiresAt = requireInTime(claims);
            requireFirstUse(claims, expiresAt);
            return Jwt.withTokenValue(assertion)
                    .header("alg", jwt.getHeader().getAlgorithm().getName())
                    .subject(clientId)
                    .issuer(clientId)
                    .expiresAt(expiresAt)
                    .build();
        } catch (ParseException | JOSEException | IllegalArgumentException _) {
            throw new AssertionRejected(Reason.MALFORMED);
        }
    }

    private static SignedJWT parse(String assertion) throws ParseException {
        require(assertion.length() <= MAX_LENGTH, Reason.MALFORMED);
        SignedJWT jwt = SignedJWT.parse(assertion);
        require(JWSAlgorithm.ES256.equals(jwt.getHeader().getAlgorithm()), Reason.WRONG_ALGORITHM);
        JOSEObjectType type = jwt.getHeader().getType();
        // Another kind of JWT that the same key signed - a proof, a token - must not pass for an assertion.
        require(type == null || TYPES.contains(type.getType().toLowerCase(Locale.ROOT)), Reason.MALFORMED);
        return jwt;
    }

    private void verifySignature(SignedJWT jwt) throws JOSEException {
        List<ECPublicKey> candidates =
                keys.candidates(Optional.ofNullable(jwt.getHeader().getKeyID()));
        require(!candidates.isEmpty(), Reason.UNKNOWN_KEY);
        for (ECPublicKey candidate : candidates) {
            if (jwt.verify(new ECDSAVerifier(candidate))) {
                return;
            }
        }
        throw new AssertionRejected(Reason.BAD_SIGNATURE);
    }

    private void requireClient(JWTClaimsSet claims) {
        require(clientId.equals(claims.getIssuer()) && clientId.equals(claims.getSubject()), Reason.WRONG_CLIENT);
    }

    private void requireAudience(JWTClaimsSet claims) {
        require(claims.getAudience().equals(List.of(policy.audience())), Reason.WRONG_AUDIENCE);
    }

    private Instant requireInTime(JWTClaimsSet claims) {
        Instant now = clock.instant();
        Instant latest = now.plus(policy.skew());
        Instant expiresAt = instant(claims.getExpirationTime());
        if (expiresAt == null || !expiresAt.isAfter(now.minus(policy.skew()))) {
            throw new AssertionRejected(Reason.EXPIRED);
        }
        require(!expiresAt.isAfter(latest.plus(policy.longest())), Reason.TOO_LONG_LIVED);
        Instant notBefore = instant(claims.getNotBeforeTime());
        Instant issuedAt = instant(claims.getIssueTime());
        require(notBefore == null || !notBefore.isAfter(latest), Reason.NOT_YET_VALID);
        require(issuedAt == null || !issuedAt.isAfter(latest), Reason.NOT_YET_VALID);
        return expiresAt;
    }

    private void requireFirstUse(JWTClaimsSet claims, Instant expiresAt) {
        String id = claims.getJWTID();
        if (id == null || id.isBlank() || id.length() > MAX_ID_LENGTH) {
            throw new AssertionRejected(Reason.NO_ID);
        }
        Instant until = expiresAt.plus(policy.skew()).plusSeconds(1);
        require(usedOnce.isFirst(UsedOnce.Kind.CLIENT_ASSERTION, clientId, id, until), Reason.REPLAYED);
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }

    private static void require(boolean condition, Reason otherwise) {
        if (!condition) {
            throw new AssertionRejected(otherwise);
        }
    }
}
