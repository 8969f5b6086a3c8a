package dev.postern.relay.anomaly;

import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.ContainmentOrdered;
import dev.postern.policy.Containment;
import dev.postern.policy.Facts;
import dev.postern.policy.Facts.Anomaly;
import dev.postern.policy.Sensitivity;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.ContainmentOrder;
import dev.postern.policy.anomaly.Incidents;
import dev.postern.policy.anomaly.Origin;
import dev.postern.relay.request.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Does what the policy's containment rules say when a client's score has changed materially, once per incident: puts
/// it on record, ends the sessions here, and has the token-service take it back everywhere.
///
/// Failure directions. When it cannot be put on record, it is done nevertheless and counted: to end something is the
/// safe side, and the token-service puts its own part on record. When the token-service does not answer, the order is
/// repeated (see [ContainmentReports]); until it does, the client may come back.
final class Containments implements Behaviours.Listener {

    private final Function<Facts, Optional<Containment>> rules;
    private final Incidents incidents;
    private final Consumer<Predicate<Caller>> ending;
    private final DurableRecord trail;
    private final Consumer<ContainmentOrder> reports;
    private final AnomalyMeters meters;
    private final Executor containing;
    private final Supplier<String> incidentIds;
    private final Clock clock;

    /// @param ending ends the sessions of the callers that it is given
    /// @param containing waits for disks; one thread
    Containments(
            Function<Facts, Optional<Containment>> rules,
            Incidents incidents,
            Consumer<Predicate<Caller>> ending,
            DurableRecord trail,
            Consumer<ContainmentOrder> reports,
            AnomalyMeters meters,
            Executor containing,
            Supplier<String> incidentIds,
            Clock clock) {
        this.rules = rules;
        this.incidents = incidents;
        this.ending = ending;
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
        Facts facts = Facts.at(now)
                .with(new Facts.Client(origin.clientId(), origin.tenant(), List.of(), Sensitivity.RESTRICTED))
                .with(scores);
        rules.apply(facts)
                .filter(containment -> incidents.begins(origin, containment, now.toEpochMilli()))
                .ifPresent(containment -> {
                    ContainmentOrder order =
                            new ContainmentOrder(incidentIds.get(), origin, containment, scores.score());
                    containing.execute(() -> contain(order));
                });
    }

    private void contain(ContainmentOrder order) {
        record(order);
        ending.accept(which(order));
        reports.accept(order);
        meters.contained(order.containment().action().wireName()).increment();
    }

    private void record(ContainmentOrder order) {
        try {
            trail.record(new ContainmentOrdered(
                    order.incident(),
                    "inference-relay",
                    order.containment().ruleId(),
                    order.containment().action().wireName(),
                    order.origin().clientId(),
                    Optional.of(order.origin().sessionId()),
                    order.scorePermille()));
        } catch (AuditUnavailable _) {
            meters.contained("unrecorded").increment();
        }
    }

    private static Predicate<Caller> which(ContainmentOrder order) {
        Origin origin = order.origin();
        return switch (order.containment().action()) {
            case REVOKE_SESSION -> caller -> caller.sessionId().equals(origin.sessionId());
            case REISSUE, REVOKE_CLIENT -> caller -> caller.clientId().equals(origin.clientId());
        };
    }
}
