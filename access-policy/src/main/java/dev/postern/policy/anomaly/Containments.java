package dev.postern.policy.anomaly;

import dev.postern.policy.Containment;
import dev.postern.policy.Facts;
import dev.postern.policy.Facts.Anomaly;
import dev.postern.policy.Sensitivity;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Does what the policy's containment rules say when a client's score has changed materially, once per incident: puts
/// it on record, ends what runs here, and has the token-service take it back everywhere.
///
/// Failure directions. When it cannot be put on record, it is done nevertheless and counted: to end something is the
/// safe side, and the token-service puts its own part on record. When there is no room for an order, here or on its way
/// to the token-service, it is counted and given again at the client's next observation, material or not.
/// Non-guarantee: a client that does nothing more is not contained then.
public final class Containments implements Behaviours.Listener {
    private static final int QUEUED = 1_024;

    /// What containing means in a service. Called by the containing thread.
    public interface Measures {
        /// Puts it on record; may wait for disks.
        ///
        /// @return whether it is there
        boolean record(ContainmentOrder order);

        /// Ends what runs here.
        void end(ContainmentOrder order);

        /// Has the token-service take it back everywhere, later.
        ///
        /// @return whether there was room for it
        boolean report(ContainmentOrder order);
    }

    private final Function<Facts, Optional<Containment>> rules;
    private final Measures measures;
    private final Consumer<String> outcomes;
    private final Executor containing;
    private final Supplier<String> incidentIds;
    private final InstantSource clock;
    private final Incidents incidents = new Incidents();

    /// @param rules never wait
    /// @param outcomes is told what became of each order: the action's name, `unrecorded` or `dropped`
    /// @param containing one thread; it may refuse
    public Containments(
            Function<Facts, Optional<Containment>> rules,
            Measures measures,
            Consumer<String> outcomes,
            Executor containing,
            Supplier<String> incidentIds,
            InstantSource clock) {
        this.rules = rules;
        this.measures = measures;
        this.outcomes = outcomes;
        this.containing = containing;
        this.incidentIds = incidentIds;
        this.clock = clock;
    }

    /// A daemon thread for containments, and for nothing else: a policy that is compiled, for instance, must not wait
    /// for them. It refuses what comes while hundreds of clients are being contained.
    public static Executor onAThreadOfItsOwn() {
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUED),
                Thread.ofPlatform().daemon().name("containment").factory());
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }

    @Override
    public void observed(Origin origin, Anomaly scores, boolean news) {
        boolean owed = incidents.takeOwed(origin);
        if (!news && !owed) {
            return;
        }
        Instant now = clock.instant();
        rules.apply(facts(origin, scores, now))
                .filter(containment -> incidents.begins(origin, containment, now.toEpochMilli()))
                .ifPresent(containment ->
                        give(new ContainmentOrder(incidentIds.get(), origin, containment, scores.score())));
    }

    private static Facts facts(Origin origin, Anomaly scores, Instant now) {
        return Facts.at(now)
                .with(new Facts.Client(origin.clientId(), origin.tenant(), List.of(), Sensitivity.RESTRICTED))
                .with(scores);
    }

    private void give(ContainmentOrder order) {
        try {
            containing.execute(() -> contain(order));
        } catch (RejectedExecutionException _) {
            drop(order);
        }
    }

    private void contain(ContainmentOrder order) {
        if (!measures.record(order)) {
            outcomes.accept("unrecorded");
        }
        measures.end(order);
        if (measures.report(order)) {
            outcomes.accept(order.containment().action().wireName());
        } else {
            drop(order);
        }
    }

    private void drop(ContainmentOrder order) {
        incidents.owe(order.origin(), order.containment());
        outcomes.accept("dropped");
    }
}
