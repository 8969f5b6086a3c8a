package dev.postern.rotation.authority;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells by a projected token which service account of the cluster a pod runs under.
///
/// Guarantee: the token was signed by the cluster's key in force, for our audience, is in time and short-lived, belongs
/// to a pod, and its account is the one that is configured for the workload. Non-guarantee: that it is used once, or
/// that the pod still runs; whoever reads it from the pod can be the pod while it lasts.
final class ServiceAccounts {
    enum Refusal {
        /// No cluster is configured, or no account for this workload.
        UNKNOWN,
        MALFORMED,
        FORGED,
        OTHER_ISSUER,
        OTHER_AUDIENCE,
        OUT_OF_TIME,
        OTHER_ACCOUNT,
        /// The cluster's keys cannot be had: nobody can say.
        UNAVAILABLE
    }

    static final class Refused extends Exception {
        private final Refusal refusal;

        Refused(Refusal refusal) {
            super(refusal.name(), null, false, false);
            this.refusal = refusal;
        }

        Refusal refusal() {
            return refusal;
        }
    }

    /// The cluster's keys.
    @FunctionalInterface
    interface Keys {
        /// The key of that id.
        ///
        /// @throws Refused `FORGED` when there is no such key, `UNAVAILABLE` when nobody can say
        JWK find(String kid) throws Refused;
    }

    private static final int LONGEST_TOKEN = 8 * 1024;
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
    private static final Duration SKEW = Duration.ofSeconds(5);

    private final KubernetesProperties properties;
    private final Keys keys;
    private final Clock clock;

    ServiceAccounts(KubernetesProperties properties, Keys keys, Clock clock) {
        this.properties = properties;
        this.keys = keys;
        this.clock = clock;
    }

    /// Returns when the token proves the workload.
    void require(String token, String workload) throws Refused {
        String account = properties.accounts().get(workload);
        if (properties.issuer().isEmpty() || account == null) {
            throw new Refused(Refusal.UNKNOWN);
        }
        JWTClaimsSet claims = verified(token);
        if (!properties.issuer().equals(claims.getIssuer())) {
            throw new Refused(Refusal.OTHER_ISSUER);
        }
        if (!claims.getAudience().contains(properties.audience())) {
            throw new Refused(Refusal.OTHER_AUDIENCE);
        }
        requireInTime(claims);
        if (!isOf(claims, account)) {
            throw new Refused(Refusal.OTHER_ACCOUNT);
        }
    }

    private JWTClaimsSet verified(String token) throws Refused {
        if (token.length() > LONGEST_TOKEN) {
            throw new Refused(Refusal.MALFORMED);
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            String kid = jwt.getHeader().getKeyID();
            if (kid == null || !ALGORITHMS.contains(jwt.getHeader().getAlgorithm())) {
                throw new Refused(Refusal.MALFORMED);
            }
            if (!jwt.verify(verifier(keys.find(kid)))) {
                throw new Refused(Refusal.FORGED);
            }
            return jwt.getJWTClaimsSet();
        } catch (ParseException _) {
            throw new Refused(Refusal.MALFORMED);
        } catch (JOSEException _) {
            // A key of the one kind under an algorithm of the other.
            throw new Refused(Refusal.FORGED);
        }
    }

    private static JWSVerifier verifier(JWK key) throws JOSEException, Refused {
        return switch (key) {
            case RSAKey rsa -> new RSASSAVerifier(rsa);
            case ECKey ec -> new ECDSAVerifier(ec);
            default -> throw new Refused(Refusal.FORGED);
        };
    }

    private void requireInTime(JWTClaimsSet claims) throws Refused {
        Instant now = clock.instant();
        Instant expires = instant(claims.getExpirationTime());
        Instant issued = instant(claims.getIssueTime());
        Instant notBefore = claims.getNotBeforeTime() == null ? issued : instant(claims.getNotBeforeTime());
        if (!now.isBefore(expires)
                || now.plus(SKEW).isBefore(notBefore)
                || now.plus(SKEW).isBefore(issued)
                || Duration.between(issued, expires).compareTo(properties.longestLife()) > 0) {
            throw new Refused(Refusal.OUT_OF_TIME);
        }
    }

    private static Instant instant(@Nullable Date date) throws Refused {
        if (date == null) {
            throw new Refused(Refusal.OUT_OF_TIME);
        }
        return date.toInstant();
    }

    /// Subject and private claim must agree, and there must be a pod: tokens that are bound to none are made by hand.
    private static boolean isOf(JWTClaimsSet claims, String account) {
        String[] parts = account.split("/", 2);
        return ("system:serviceaccount:" + parts[0] + ":" + parts[1]).equals(claims.getSubject())
                && claims.getClaim("kubernetes.io") instanceof Map<?, ?> bound
                && parts[0].equals(bound.get("namespace"))
                && bound.get("serviceaccount") instanceof Map<?, ?> its
                && parts[1].equals(its.get("name"))
                && bound.get("pod") instanceof Map<?, ?> pod
                && pod.get("uid") instanceof String uid
                && !uid.isBlank();
    }
}
