package dev.postern.gateway.anomaly;

import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.ContainmentOrdered;
import dev.postern.audit.DurableRecord;
import dev.postern.gateway.live.LiveSessions;
import dev.postern.gateway.live.LiveSessions.Which;
import dev.postern.gateway.problem.Failure;
import dev.postern.policy.Containment;
import dev.postern.policy.anomaly.ContainmentOrder;
import dev.postern.policy.anomaly.Containments;
import java.util.Optional;
import java.util.function.Predicate;

/// Containing at the edge: what is being served for the session or client ends. Until the token-service has taken it
/// back (see [ContainmentReports]), the client may come back here and elsewhere.
final class EdgeMeasures implements Containments.Measures {
    private final DurableRecord trail;
    private final LiveSessions live;
    private final Predicate<ContainmentOrder> reports;

    /// @param reports whether there was room for an order
    EdgeMeasures(DurableRecord trail, LiveSessions live, Predicate<ContainmentOrder> reports) {
        this.trail = trail;
        this.live = live;
        this.reports = reports;
    }

    @Override
    public boolean record(ContainmentOrder order) {
        try {
            trail.record(new ContainmentOrdered(
                    order.incident(),
                    "gateway-service",
                    order.containment().ruleId(),
                    order.containment().action().wireName(),
                    order.origin().clientId(),
                    Optional.of(order.origin().sessionId()),
                    order.scorePermille()));
            return true;
        } catch (AuditUnavailable _) {
            return false;
        }
    }

    @Override
    public void end(ContainmentOrder order) {
        live.end(which(order), why(order.containment().action()));
    }

    @Override
    public boolean report(ContainmentOrder order) {
        return reports.test(order);
    }

    private static Which which(ContainmentOrder order) {
        return switch (order.containment().action()) {
            case REVOKE_SESSION -> new Which.Session(order.origin().sessionId());
            case REISSUE, REVOKE_CLIENT -> new Which.Client(order.origin().clientId());
        };
    }

    private static Failure why(Containment.Action action) {
        return switch (action) {
            case REISSUE -> Failure.TOKEN_OUTDATED;
            case REVOKE_SESSION, REVOKE_CLIENT -> Failure.TOKEN_REVOKED;
        };
    }
}
