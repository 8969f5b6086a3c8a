package dev.postern.relay.anomaly;

import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.ContainmentOrdered;
import dev.postern.audit.DurableRecord;
import dev.postern.policy.anomaly.ContainmentOrder;
import dev.postern.policy.anomaly.Containments;
import dev.postern.policy.anomaly.Origin;
import dev.postern.relay.request.Caller;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Containing at a relay: sealed sessions of the session or client end. Until the token-service has taken it back (see
/// [ContainmentReports]), the client may come back.
final class SessionMeasures implements Containments.Measures {
    private final DurableRecord trail;
    private final Consumer<Predicate<Caller>> ending;
    private final Predicate<ContainmentOrder> reports;

    /// @param ending ends the sessions of the callers that it is given
    /// @param reports whether there was room for an order
    SessionMeasures(DurableRecord trail, Consumer<Predicate<Caller>> ending, Predicate<ContainmentOrder> reports) {
        this.trail = trail;
        this.ending = ending;
        this.reports = reports;
    }

    @Override
    public boolean record(ContainmentOrder order) {
        try {
            trail.record(new ContainmentOrdered(
                    order.incident(),
                    "inference-relay",
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
        Origin origin = order.origin();
        ending.accept(
                switch (order.containment().action()) {
                    case REVOKE_SESSION -> caller -> caller.sessionId().equals(origin.sessionId());
                    case REISSUE, REVOKE_CLIENT -> caller -> caller.clientId().equals(origin.clientId());
                });
    }

    @Override
    public boolean report(ContainmentOrder order) {
        return reports.test(order);
    }
}
