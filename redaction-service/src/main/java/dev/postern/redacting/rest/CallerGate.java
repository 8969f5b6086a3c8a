package dev.postern.redacting.rest;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.RequestServed;
import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.chassis.bearer.RejectedRequests;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.redacting.engine.FailureTrace;
import dev.postern.token.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Lets a call in by its token, and has every call audited: the served ones before their answer leaves, with ids and
/// times only. A call that fails is answered with no more than that, and nothing of its text is logged.
@Component
final class CallerGate {
    private static final Logger log = LoggerFactory.getLogger(CallerGate.class);

    private final AccessTokens tokens;
    private final AuditTrail trail;

    CallerGate(AccessTokens tokens, AuditTrail trail) {
        this.tokens = tokens;
        this.trail = trail;
    }

    <T> T serve(HttpServletRequest request, String scope, Function<AccessToken, T> call) {
        String operation = request.getServletPath();
        long start = System.nanoTime();
        Optional<AccessToken> caller = Optional.empty();
        try {
            AccessToken token = tokens.require(request, scope);
            caller = Optional.of(token);
            T answer = call.apply(token);
            trail.recordDurably(served(operation, token, (System.nanoTime() - start) / 1_000_000));
            return answer;
        } catch (ProblemException refusal) {
            var _ = trail.record(RejectedRequests.of(operation, caller, refusal.problem()));
            throw refusal;
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        } catch (RuntimeException | StackOverflowError failure) {
            // Text may have been looked at before the failure: that is audited as well.
            log.error("{} failed: {}", operation, FailureTrace.of(failure));
            var _ = trail.record(RejectedRequests.of(operation, caller, Problem.INTERNAL));
            throw new ProblemException(Problem.INTERNAL);
        }
    }

    private static RequestServed served(String operation, AccessToken token, long millis) {
        return new RequestServed(
                UUID.randomUUID().toString(),
                Optional.empty(),
                operation,
                "none",
                Optional.empty(),
                token.clientId(),
                token.tenant(),
                token.tokenId(),
                token.keyId(),
                "ok",
                0,
                0,
                Map.of(),
                millis);
    }
}
