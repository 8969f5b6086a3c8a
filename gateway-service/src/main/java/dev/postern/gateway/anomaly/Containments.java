package dev.postern.gateway.anomaly;

import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.ContainmentOrdered;
import dev.postern.gateway.live.LiveSessions;
import dev.postern.gateway.live.LiveSessions.Which;
import dev.postern.gateway.policy.InForce;
import dev.postern.gateway.problem.Failure;
import dev.postern.policy.Containment;
import dev.postern.policy.Facts;
import dev.postern.policy.Facts.Anomaly;
import dev.postern.policy.Sensitivity;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.ContainmentOrder;
import dev.postern.policy.anomaly.Incidents;
import dev.postern.policy.anomaly.Origin;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Does what the policy's containment rules say when a client's score has changed materially, once per incident: puts
/// it on record, ends what runs here, and has the token-service take it back everywhere.
///
/// Failure directions. When it cannot be put on record, it is done nevertheless and counted: to end something is the
/// safe side, and the token-service puts its own part on record. When the token-service does not answer, the order is
/// repeated (see [ContainmentReports]); until it does, the client may come back here and elsewhere.
final class Containments implements Behaviours.Listener {

    private final Supplier<Optional<InForce>> policy;
    private final Incidents incidents;
    private final LiveSessions live;
    private final DurableRecord trail;
    private final Consumer<ContainmentOrder> reports;
    private final AnomalyMeters meters;
    private final Executor containing;
    private final Supplier<String> incidentIds;
    private final Clock clock;

    /// @param containing waits for disks; one thread
    Containments(
            Supplier<Optional<InForce>> policy,
            Incidents incidents,
            LiveSessions live,
            DurableRecord trail,
            Consumer<ContainmentOrder> reports,
            AnomalyMeters meters,
            Executor containing,
            Supplier<String> incidentIds,
            Clock clock) {
        this.policy = policy;
        this.incidents = incidents;
        this.live = live;
        this.trail = trail;
        this.reports = reports;
        this.meters = meters;
        this.containing = containing;
        this.incidentIds = incidentIds;
        this.clock = clock;
    }

    @Override
    public void observed(Origin origin, Anomaly scores, boolean news) {
        if (!news) {
            return;
        }
        Instant now = clock.instant();
        policy.get()
                .flatMap(inForce -> inForce.policy().containment(facts(origin, scores, now)))
                .filter(containment -> incidents.begins(origin, containment, now.toEpochMilli()))
                .ifPresent(containment -> {
                    ContainmentOrder order =
                            new ContainmentOrder(incidentIds.get(), origin, containment, scores.score());
                    containing.execute(() -> contain(order));
                });
    }

    private static Facts facts(Origin origin, Anomaly scores, Instant now) {
        return Facts.at(now)
                .with(new Facts.Client(origin.clientId(), origin.tenant(), List.of(), Sensitivity.RESTRICTED))
                .with(scores);
    }

    private void contain(ContainmentOrder order) {
        record(order);
        live.end(which(order), why(order.containment().action()));
        reports.accept(order);
        meters.contained(order.containment().action().wireName()).increment();
    }

    private void record(ContainmentOrder order) {
        try {
            trail.record(new ContainmentOrdered(
                    order.incident(),
                    "gateway-service",
                    order.containment().ruleId(),
                    order.containment().action().wireName(),
                    order.origin().clientId(),
                    Optional.of(order.origin().sessionId()),
                    order.scorePermille()));
        } catch (AuditUnavailable _) {
            meters.contained("unrecorded").increment();
        }
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
