package dev.postern.gateway.admission;

import dev.postern.gateway.admission.AdmissionMeters.Outcome;
import dev.postern.gateway.admission.AdmissionProperties.WhenAway;
import dev.postern.gateway.api.Operation;
import dev.postern.gateway.api.RequestBody;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.policy.Price;
import dev.postern.token.AccessToken;
import io.micrometer.core.instrument.Timer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Decides whether a request is within its limits, all of them at once.
///
/// Guarantee: nothing of a request reaches a relay before all of its limits had room for it, whatever else is under way
/// at any replica; what it did not use comes back when it ends. Failure direction, by
/// `postern.gateway.admission.when-redis-is-away`: closed (`refuse`), or degraded to the counts of this process
/// (`local`). Non-guarantee: how much a request uses is an estimate until it was used, so a limit on model tokens or
/// spend may be overdrawn by what requests under way use beyond their estimates; the overdraft is booked.
public final class Admission {
    private final Ledger shared;
    private final Ledger local;
    private final Demands demands;
    private final LimitSource limits;
    private final AdmissionProperties properties;
    private final LastQuotas quotas;
    private final AdmissionMeters meters;
    private final UsageListener usage;

    Admission(
            Ledger shared,
            Ledger local,
            Demands demands,
            LimitSource limits,
            AdmissionProperties properties,
            LastQuotas quotas,
            AdmissionMeters meters,
            UsageListener usage) {
        this.shared = shared;
        this.local = local;
        this.demands = demands;
        this.limits = limits;
        this.properties = properties;
        this.quotas = quotas;
        this.meters = meters;
        this.usage = usage;
    }

    /// A ticket for one request, not yet admitted. Its holder closes it in any case.
    ///
    /// @param requestId names this request and no other
    public Ticket ticket(String requestId, AccessToken token, Operation operation, RequestBody body) {
        boolean usesModel = operation.hasBody();
        Estimate estimate = Estimate.of(operation, body, properties);
        Optional<Price> price = usesModel ? limits.priceOf(body.model()) : Optional.empty();
        Used reserve = new Used(estimate.total(), spend(price, estimate.prompt(), estimate.output()));
        Demand demand = demands.of(
                requestId,
                token,
                limits.limitsFor(token.tenant(), token.clientId(), usesModel ? body.model() : ""),
                usesModel,
                reserve);
        boolean asks = properties.askForUsage() && body.canBeAskedForUsage() && demand.countsUsage();
        return new Ticket(
                this,
                demand,
                new Ticket.Holder(token),
                price,
                asks ? body.askingForUsage() : body,
                new AnswerMeter(estimate, properties.bytesPerToken(), body.streamed(), asks));
    }

    static long spend(Optional<Price> price, long prompt, long output) {
        return price.map(known -> Math.min(Meter.MOST, known.micros(prompt, output)))
                .orElse(0L);
    }

    /// What was taken, and where.
    record Taken(Ledger ledger, Demand demand, Verdict verdict) {}

    /// Takes what the request demands; fails with [Refused] when nobody can say whether it may.
    CompletionStage<Taken> take(Demand demand, Ticket.Holder holder) {
        Timer.Sample sample = meters.start();
        return shared.take(demand)
                .thenApply(verdict -> new Taken(shared, demand, verdict))
                .exceptionallyCompose(_ -> withoutRedis(demand))
                .whenComplete((taken, failure) -> {
                    if (failure != null) {
                        meters.decided(sample, Outcome.UNAVAILABLE);
                    } else {
                        quotas.keep(holder.tenant(), holder.clientId(), taken.verdict());
                        count(sample, taken);
                    }
                });
    }

    private CompletionStage<Taken> withoutRedis(Demand demand) {
        if (properties.whenRedisIsAway() == WhenAway.REFUSE) {
            return CompletableFuture.failedStage(new Refused(Failure.ADMISSION_UNAVAILABLE));
        }
        Demand share = demand.sharedBy(properties.replicas());
        return local.take(share).thenApply(verdict -> new Taken(local, share, verdict));
    }

    private void count(Timer.Sample sample, Taken taken) {
        boolean locally = taken.ledger().equals(local);
        Optional<Meter> refusing = taken.verdict().refusing();
        if (refusing.isEmpty()) {
            meters.decided(sample, locally ? Outcome.ADMITTED_LOCALLY : Outcome.ADMITTED);
        } else {
            meters.refused(
                    sample,
                    locally ? Outcome.REFUSED_LOCALLY : Outcome.REFUSED,
                    refusing.get().kind());
        }
    }

    void used(AccessToken token, long modelTokens) {
        if (modelTokens > 0) {
            usage.used(token, modelTokens);
        }
    }

    void settled(AnswerMeter.Basis basis) {
        meters.settled(basis);
    }
}
