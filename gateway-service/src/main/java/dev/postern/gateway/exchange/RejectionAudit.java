package dev.postern.gateway.exchange;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.RequestRejected;
import dev.postern.gateway.access.Caller;
import dev.postern.gateway.api.Operation;
import dev.postern.gateway.problem.Category;
import dev.postern.gateway.problem.Failure;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/// Audits what the edge refuses a caller. What is served or fails behind the edge is audited by the relay.
///
/// Rejections are not security-critical: nothing takes effect, so the answer does not wait for the disk. The trail
/// coalesces floods.
final class RejectionAudit {
    private static final String NO_OPERATION = "none";

    private final AuditTrail trail;

    RejectionAudit(AuditTrail trail) {
        this.trail = trail;
    }

    void rejected(ServerWebExchange exchange, Failure failure) {
        if (failure.category() != Category.CALLER && failure.category() != Category.QUOTA) {
            return;
        }
        Optional<Caller> caller = Caller.of(exchange);
        // The trail counts events that it could not spool.
        var _ = trail.record(new RequestRejected(
                failure.reason(),
                operation(exchange),
                caller.map(known -> known.token().clientId()),
                Optional.empty(),
                caller.map(known -> known.token().tokenId()),
                failure.status(),
                1));
    }

    private static String operation(ServerWebExchange exchange) {
        return Operation.atPath(exchange.getRequest().getPath().value())
                .map(Operation::relayName)
                .orElse(NO_OPERATION);
    }
}
