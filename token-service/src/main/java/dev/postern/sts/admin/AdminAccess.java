package dev.postern.sts.admin;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.RequestRejected;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.redis.SingleUse;
import dev.postern.token.AccessToken;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopProof;
import dev.postern.token.Presentation;
import dev.postern.token.Presentation.Scheme;
import dev.postern.token.TokenRejected;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.servlet.HandlerMapping;

/// Who may call the administration: the holder of a valid token of its audience and use that is bound to a key
/// (`Authorization: DPoP` with a proof for this request, used once) or to the connection's certificate.
///
/// A plain token is refused even if it is valid. While Redis is away, proofs cannot be known to be new and are refused
/// with 503; certificate-bound tokens go on working.
final class AdminAccess {

    private static final Problem BOUND_TOKEN_REQUIRED = new Problem(
            401,
            "bound-token-required",
            "Send an access token for urn:postern:admin that is bound to your key, with a DPoP proof for this request,"
                    + " or to the certificate you connect with.");

    private final AccessTokenVerifier verifier;
    private final SingleUse singleUse;
    private final String publicAddress;
    private final AuditTrail trail;
    private final MeterRegistry metrics;
    private final Clock clock;

    /// @param publicAddress of this service as clients know it; nothing of a request is taken for it
    AdminAccess(
            AccessTokenVerifier verifier,
            SingleUse singleUse,
            String publicAddress,
            AuditTrail trail,
            MeterRegistry metrics,
            Clock clock) {
        this.verifier = verifier;
        this.singleUse = singleUse;
        this.publicAddress = publicAddress;
        this.trail = trail;
        this.metrics = metrics;
        this.clock = clock;
    }

    AdminCaller require(HttpServletRequest request, AdminScope scope) {
        AccessToken token = verified(request);
        if (!token.hasScope(scope.wireName())) {
            throw refused(
                    request,
                    Optional.of(token),
                    Problem.SCOPE_MISSING,
                    "scope",
                    "DPoP error=\"insufficient_scope\", scope=\"" + scope.wireName() + "\"");
        }
        return AdminCaller.of(token);
    }

    private AccessToken verified(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        if (headers.size() != 1) {
            throw refused(request, "token-missing", "DPoP algs=\"ES256\"");
        }
        String[] parts = headers.getFirst().strip().split(" +", 2);
        if (parts.length != 2) {
            throw refused(request, "token-malformed", "DPoP error=\"invalid_request\", algs=\"ES256\"");
        }
        Scheme scheme =
                switch (parts[0].toLowerCase(Locale.ROOT)) {
                    case "dpop" -> Scheme.DPOP;
                    case "bearer" -> Scheme.BEARER;
                    default -> throw refused(request, "scheme", "DPoP algs=\"ES256\"");
                };
        try {
            Optional<DpopProof> proof =
                    scheme == Scheme.DPOP ? Optional.of(proof(request, parts[1])) : Optional.empty();
            AccessToken token = verifier.verify(
                    parts[1], new Presentation(scheme, proof, certificate(request), Optional.of(address(request))));
            if (!token.isBound()) {
                throw refused(
                        request, Optional.of(token), BOUND_TOKEN_REQUIRED, "unbound", "DPoP error=\"invalid_token\"");
            }
            // Last, so that only a proof that is good in all other respects is used up.
            proof.ifPresent(used -> useOnce(request, used));
            return token;
        } catch (TokenRejected rejected) {
            if (rejected.reason() == TokenRejected.Reason.REVOCATION_UNKNOWN) {
                throw new ProblemException(Problem.UNAVAILABLE, Map.of("Retry-After", "1"));
            }
            String code = rejected.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
            throw refused(request, code, "DPoP error=\"invalid_token\", algs=\"ES256\"");
        }
    }

    private DpopProof proof(HttpServletRequest request, String compactToken) {
        List<String> proofs = Collections.list(request.getHeaders("DPoP"));
        if (proofs.size() != 1) {
            throw refused(request, "proof-missing", "DPoP error=\"invalid_dpop_proof\", algs=\"ES256\"");
        }
        try {
            return DpopProof.verify(
                    proofs.getFirst(),
                    DpopExpectation.of(request.getMethod(), publicAddress + request.getRequestURI())
                            .forToken(compactToken),
                    clock);
        } catch (TokenRejected _) {
            throw refused(request, "proof", "DPoP error=\"invalid_dpop_proof\", algs=\"ES256\"");
        }
    }

    private void useOnce(HttpServletRequest request, DpopProof proof) {
        DpopExpectation window = DpopExpectation.of("", "");
        Duration life = window.maxAge().plus(window.skew()).plus(window.skew()).plusSeconds(1);
        String name = "dpop:" + proof.thumbprint() + ":" + DpopExpectation.tokenHash(proof.proofId());
        switch (singleUse.claim(name, life).toCompletableFuture().join()) {
            case FIRST -> {}
            case SEEN ->
                throw refused(request, "proof-replayed", "DPoP error=\"invalid_dpop_proof\", algs=\"ES256\"");
            case UNAVAILABLE -> throw new ProblemException(Problem.UNAVAILABLE, Map.of("Retry-After", "1"));
        }
    }

    private static Optional<String> certificate(HttpServletRequest request) {
        return request.getAttribute("jakarta.servlet.request.X509Certificate") instanceof X509Certificate[] chain
                        && chain.length > 0
                ? Optional.of(CertificateThumbprint.of(chain[0]))
                : Optional.empty();
    }

    private static InetAddress address(HttpServletRequest request) {
        return InetAddress.ofLiteral(request.getRemoteAddr());
    }

    private ProblemException refused(HttpServletRequest request, String reason, String challenge) {
        return refused(request, Optional.empty(), BOUND_TOKEN_REQUIRED, reason, challenge);
    }

    private ProblemException refused(
            HttpServletRequest request,
            Optional<AccessToken> token,
            Problem problem,
            String reason,
            String challenge) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        var _ = trail.record(new RequestRejected(
                "admin-" + reason,
                pattern == null ? "/admin/v1" : pattern.toString(),
                token.map(AccessToken::clientId),
                token.map(AccessToken::sessionId),
                token.map(AccessToken::tokenId),
                problem.status(),
                1));
        metrics.counter("postern.admin.refused", "reason", reason).increment();
        return new ProblemException(problem, Map.of("WWW-Authenticate", challenge));
    }
}
