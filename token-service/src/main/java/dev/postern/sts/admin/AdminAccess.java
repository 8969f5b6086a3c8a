package dev.postern.sts.admin;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.RequestRejected;
import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.clientauth.Connection;
import dev.postern.token.AccessToken;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.servlet.HandlerMapping;

/// Who may call the administration: the holder of a valid token of its audience and use that is bound to a key
/// (`Authorization: DPoP` with a proof for this request, used once) or to the connection's certificate.
///
/// A plain token is refused even if it is valid. While Redis is away, proofs cannot be known to be new and are refused
/// with 503; certificate-bound tokens go on working.
final class AdminAccess {

    static final Problem BOUND_TOKEN_REQUIRED = new Problem(
            401,
            "bound-token-required",
            "Send an access token for urn:postern:admin that is bound to your key, with a DPoP proof for this request,"
                    + " or to the certificate you connect with.");

    private static final int CAPACITY = 500;

    private final AccessTokens tokens;
    private final AuditTrail trail;
    private final MeterRegistry metrics;

    /// @param tokens of the administration's audience and use
    AdminAccess(AccessTokens tokens, AuditTrail trail, MeterRegistry metrics) {
        this.tokens = tokens;
        this.trail = trail;
        this.metrics = metrics;
    }

    AdminCaller require(HttpServletRequest request, AdminScope scope) {
        AccessToken token = verified(request, scope);
        if (!token.isBound()) {
            record(request, Optional.of(token), BOUND_TOKEN_REQUIRED);
            throw new ProblemException(
                    BOUND_TOKEN_REQUIRED, Map.of("WWW-Authenticate", "DPoP error=\"invalid_token\""));
        }
        return AdminCaller.of(token, Connection.of(request).address());
    }

    private AccessToken verified(HttpServletRequest request, AdminScope scope) {
        try {
            return tokens.require(request, scope.wireName());
        } catch (ProblemException refused) {
            boolean challenge = refused.headers().containsKey("DPoP-Nonce");
            if (refused.problem().status() < CAPACITY && !challenge) {
                record(request, Optional.empty(), refused.problem());
            }
            throw refused.problem().status() == 401
                    ? new ProblemException(BOUND_TOKEN_REQUIRED, refused.headers())
                    : refused;
        }
    }

    private void record(HttpServletRequest request, Optional<AccessToken> token, Problem problem) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        var _ = trail.record(new RequestRejected(
                "admin-" + problem.code(),
                pattern == null ? "/admin/v1" : pattern.toString(),
                token.map(AccessToken::clientId),
                token.map(AccessToken::sessionId),
                token.map(AccessToken::tokenId),
                problem.status(),
                1));
        metrics.counter("postern.admin.refused", "reason", problem.code()).increment();
    }
}
