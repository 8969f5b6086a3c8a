package dev.postern.chassis.bearer;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.redis.SingleUse;
import dev.postern.token.AccessToken;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopNonces;
import dev.postern.token.DpopProof;
import dev.postern.token.Presentation;
import dev.postern.token.Presentation.Scheme;
import dev.postern.token.TokenRejected;
import dev.postern.token.TokenRejected.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.util.Enumeration;
import java.util.Map;
import java.util.Optional;

/// The access token of a servlet request: plain (RFC 6750), bound to a key with its proof (DPoP, RFC 9449), or bound to
/// the client certificate of the connection (RFC 8705).
///
/// Default deny: exactly one `Authorization` header with a valid token of this service's audience, presented the way
/// it is bound. A proof must be for this very URL as the outside knows it (the configured base, never a `Host` header),
/// carry a nonce of ours, and is good once, for all replicas together.
///
/// Fails closed with 503: when nobody can say whether the token was revoked, or whether the proof was used.
public final class AccessTokens {
    private static final String BEARER = "Bearer ";
    private static final String DPOP = "DPoP ";
    private static final String ANY_SCHEME = "Bearer, DPoP algs=\"ES256\"";

    private final AccessTokenVerifier verifier;
    private final String publicUrl;
    private final SingleUse used;
    private final DpopNonces nonces;
    private final VerificationCounters counters;
    private final Clock clock;

    /// @param publicUrl of this service as its callers know it, without path
    public AccessTokens(
            AccessTokenVerifier verifier,
            URI publicUrl,
            SingleUse used,
            DpopNonces nonces,
            MeterRegistry meters,
            Clock clock) {
        String base = publicUrl.toString();
        this.verifier = verifier;
        this.publicUrl = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.used = used;
        this.nonces = nonces;
        this.counters = new VerificationCounters(meters);
        this.clock = clock;
    }

    /// The verified token.
    ///
    /// @throws ProblemException 401 without a valid token, 403 when it lacks the scope, 503 when nobody can say
    public AccessToken require(HttpServletRequest request, String scope) {
        AccessToken token = verified(request);
        if (!token.hasScope(scope)) {
            String scheme = token.dpopThumbprint().isPresent() ? DPOP : BEARER;
            throw refusal(Problem.SCOPE_MISSING, scheme + "error=\"insufficient_scope\", scope=\"" + scope + "\"");
        }
        return token;
    }

    private AccessToken verified(HttpServletRequest request) {
        Enumeration<String> headers = request.getHeaders("Authorization");
        if (!headers.hasMoreElements()) {
            throw refusal(Problem.TOKEN_REQUIRED, ANY_SCHEME);
        }
        String header = headers.nextElement();
        if (headers.hasMoreElements()) {
            throw invalid(BEARER);
        }
        AccessToken token;
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            token = plain(request, header.substring(BEARER.length()).strip());
        } else if (header.regionMatches(true, 0, DPOP, 0, DPOP.length())) {
            token = proven(request, header.substring(DPOP.length()).strip());
        } else {
            throw invalid(BEARER);
        }
        counters.accepted();
        return token;
    }

    private AccessToken plain(HttpServletRequest request, String compact) {
        try {
            return verifier.verify(compact, presentation(request, Scheme.BEARER, Optional.empty()));
        } catch (TokenRejected rejected) {
            throw rejected(rejected.reason(), BEARER);
        }
    }

    private AccessToken proven(HttpServletRequest request, String compact) {
        DpopExpectation expected = DpopExpectation.of(request.getMethod(), publicUrl + request.getRequestURI())
                .forToken(compact);
        DpopProof proof = proof(request, expected);
        if (!nonces.cover(proof)) {
            throw useNonce();
        }
        AccessToken token;
        try {
            token = verifier.verify(compact, presentation(request, Scheme.DPOP, Optional.of(proof)));
        } catch (TokenRejected rejected) {
            throw rejected(rejected.reason(), DPOP);
        }
        // Last, so that only somebody with a good token makes us remember anything.
        return switch (used.claim(proof.singleUseName(), expected.acceptance())
                .toCompletableFuture()
                .join()) {
            case FIRST -> token;
            case SEEN -> {
                counters.replayed();
                throw refusal(Problem.TOKEN_REQUIRED, DPOP + "error=\"invalid_dpop_proof\"");
            }
            case UNAVAILABLE -> {
                counters.undecided();
                throw later(Problem.UNAVAILABLE);
            }
        };
    }

    private DpopProof proof(HttpServletRequest request, DpopExpectation expected) {
        Enumeration<String> proofs = request.getHeaders("DPoP");
        try {
            if (!proofs.hasMoreElements()) {
                throw new TokenRejected(Reason.WRONG_BINDING);
            }
            String compact = proofs.nextElement();
            if (proofs.hasMoreElements()) {
                throw new TokenRejected(Reason.MALFORMED);
            }
            return DpopProof.verify(compact, expected, clock);
        } catch (TokenRejected rejected) {
            counters.rejected(rejected.reason());
            throw refusal(Problem.TOKEN_REQUIRED, DPOP + "error=\"invalid_dpop_proof\"");
        }
    }

    private Presentation presentation(HttpServletRequest request, Scheme scheme, Optional<DpopProof> proof) {
        return new Presentation(
                scheme, proof, ClientCertificates.thumbprint(request, clock.instant()), address(request));
    }

    private static Optional<InetAddress> address(HttpServletRequest request) {
        try {
            return Optional.of(InetAddress.ofLiteral(request.getRemoteAddr()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private ProblemException rejected(Reason reason, String scheme) {
        counters.rejected(reason);
        return reason == Reason.REVOCATION_UNKNOWN ? later(Problem.REVOCATION_UNAVAILABLE) : invalid(scheme);
    }

    private ProblemException useNonce() {
        counters.challenged();
        return new ProblemException(
                Problem.TOKEN_REQUIRED,
                Map.of("WWW-Authenticate", DPOP + "error=\"use_dpop_nonce\"", "DPoP-Nonce", nonces.current()));
    }

    private static ProblemException invalid(String scheme) {
        return refusal(Problem.TOKEN_REQUIRED, scheme + "error=\"invalid_token\"");
    }

    private static ProblemException refusal(Problem problem, String challenge) {
        return new ProblemException(problem, Map.of("WWW-Authenticate", challenge));
    }

    private static ProblemException later(Problem problem) {
        return new ProblemException(problem, Map.of("Retry-After", "1"));
    }
}
