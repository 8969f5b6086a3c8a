package dev.postern.sts.exchange;

import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.refusal.Refusal;
import dev.postern.token.Claims;
import dev.postern.token.CompactJws;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopProof;
import dev.postern.token.TokenRejected;
import dev.postern.token.TokenUse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Exchanges of tokens of allow-listed issuers: OpenID providers, Kubernetes, SPIFFE.
///
/// Nothing in a token chooses the keys it is verified with: the issuer is looked up in the allow-list, its keys and
/// algorithms are the registered ones, and its audience must be us alone.
final class ForeignSubjects {

    private static final int MAX_LENGTH = 8 * 1024;
    private static final int MAX_SUBJECT = 256;
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final Set<String> ALGORITHMS = Set.of("ES256", "RS256", "PS256", "EdDSA");
    private static final Set<String> TYPES = Set.of("", "jwt", "at+jwt", "application/at+jwt");
    /// Everything but administration.
    private static final Set<TokenUse> USES = TokenUse.DATA_PLANE;

    private final String issuer;
    private final TrustedIssuers issuers;
    private final ForeignKeys keys;
    private final Clock clock;

    /// @param issuer ourselves: our own tokens are exchanged as what they are
    ForeignSubjects(String issuer, TrustedIssuers issuers, ForeignKeys keys, Clock clock) {
        this.issuer = issuer;
        this.issuers = issuers;
        this.keys = keys;
        this.clock = clock;
    }

    Ceiling ceiling(String compact, Exchanger by) {
        try {
            CompactJws jws = CompactJws.parse(compact, MAX_LENGTH, ALGORITHMS);
            Claims claims = jws.payload();
            String subject = claims.text("sub");
            TrustedIssuer trusted = issuer(claims, subject);
            requireAllowed(trusted, by.client());
            requireAlgorithm(jws, trusted);
            if (!keys.signed(jws, trusted.keys())) {
                throw refused("foreign-signature");
            }
            Instant expiresAt = requireInTime(claims);
            requireUs(claims, trusted);
            requireSubject(trusted, subject);
            requireBinding(claims, by);
            return new Ceiling(
                    // Two issuers may call different subjects the same, and no foreign one passes for a client here.
                    trusted.name() + "/" + subject,
                    trusted.tenant(),
                    List.of(by.client().clientId()),
                    trusted.scopes(),
                    trusted.audiences(),
                    USES,
                    Set.of(),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    claims.has("cnf"),
                    Optional.of(expiresAt),
                    Optional.empty(),
                    Optional.of(trusted.name() + ":"
                            + DpopExpectation.tokenHash(compact).substring(0, 22)));
        } catch (TokenRejected rejected) {
            throw refused("foreign-" + rejected.reason().name().toLowerCase(Locale.ROOT));
        }
    }

    private TrustedIssuer issuer(Claims claims, String subject) throws TokenRejected {
        Optional<String> named = claims.optionalText("iss");
        if (named.equals(Optional.of(issuer))) {
            throw refused("foreign-is-own");
        }
        // A JWT-SVID need not name its issuer: its subject's trust domain is.
        return TrustedIssuer.trustDomainOf(subject)
                .flatMap(issuers::find)
                .filter(trusted -> trusted.type() == TrustedIssuer.Type.SPIFFE)
                .or(() -> named.flatMap(issuers::find).filter(trusted -> trusted.type() != TrustedIssuer.Type.SPIFFE))
                .orElseThrow(() -> refused("foreign-issuer"));
    }

    private static void requireAllowed(TrustedIssuer trusted, ClientRegistration client) {
        boolean named = client.policy().exchange().issuers().contains(trusted.name());
        boolean listed = trusted.clientIds().isEmpty() || trusted.clientIds().contains(client.clientId());
        if (!named || !listed || !trusted.tenant().equals(client.tenant())) {
            throw Refusal.UNAUTHORIZED_CLIENT.because("foreign-not-allowed");
        }
    }

    private static void requireAlgorithm(CompactJws jws, TrustedIssuer trusted) throws TokenRejected {
        if (!trusted.algorithms().contains(jws.header().text("alg"))
                || !TYPES.contains(jws.header().optionalText("typ").orElse("").toLowerCase(Locale.ROOT))) {
            throw refused("foreign-algorithm");
        }
    }

    private Instant requireInTime(Claims claims) throws TokenRejected {
        Instant now = clock.instant();
        Instant latest = now.plus(SKEW);
        Instant expiresAt = claims.time("exp");
        if (!expiresAt.isAfter(now)) {
            throw refused("foreign-expired");
        }
        if (claims.optionalTime("nbf").orElse(now).isAfter(latest)
                || claims.optionalTime("iat").orElse(now).isAfter(latest)) {
            throw refused("foreign-not-yet-valid");
        }
        return expiresAt;
    }

    private static void requireUs(Claims claims, TrustedIssuer trusted) throws TokenRejected {
        // For us alone: what others receive as well, others could send here as well.
        if (!claims.texts("aud").equals(Set.of(trusted.audience()))) {
            throw refused("foreign-audience");
        }
    }

    private static void requireSubject(TrustedIssuer trusted, String subject) {
        boolean formed = switch (trusted.type()) {
            case OIDC -> true;
            case KUBERNETES -> subject.startsWith("system:serviceaccount:");
            case SPIFFE -> subject.startsWith(trusted.issuer() + "/");
        };
        if (!formed
                || subject.length() > MAX_SUBJECT
                || !trusted.subject().matcher(subject).matches()) {
            throw refused("foreign-subject");
        }
    }

    /// A foreign token that is bound to a key is worthless without it here as well.
    private static void requireBinding(Claims claims, Exchanger by) throws TokenRejected {
        Optional<Claims> confirmation = claims.optionalObject("cnf");
        if (confirmation.isPresent()
                && !(by.proof().isPresent()
                        && confirmation
                                .get()
                                .optionalText("jkt")
                                .equals(by.proof().map(DpopProof::thumbprint)))) {
            throw refused("foreign-binding");
        }
    }

    private static RuntimeException refused(String reason) {
        return Refusal.INVALID_REQUEST.because(reason);
    }
}
