package dev.postern.relay.session;

import dev.postern.relay.replay.ReplayStore;
import dev.postern.relay.replay.ReplayStore.Marks;
import dev.postern.relay.replay.ReplayStore.Verdict;
import dev.postern.session.Received;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/// Marks the frames of one session in the store that all replicas share, after the session's own window has called
/// them fresh, and passes them on in their order. What arrives in one turn of the event loop is marked in one step,
/// and so is what arrives while a step is under way. Confined to the session's event loop.
///
/// Only content waits here. What ends a stream needs no mark and takes effect at once; whoever takes what passes must
/// ignore what still comes of such a stream.
///
/// Failure direction: while the store is away the own window alone decides, for a bounded time; then the session ends.
/// A store that forgot the session, or was away, may be another than before: the session's keys are updated, so that
/// nothing it has forgotten is worth anything, and its fence is taken anew.
final class SharedWindow {
    private static final int MOST_AT_ONCE = 64;
    private static final long FRAME_COST = 256;

    /// What follows.
    interface Outcome {
        /// A frame may take effect. After it the session may be over.
        void pass(Received.Delivered chunk);

        void replayed();

        /// The session goes on under new keys.
        void renew();

        /// The session is over: somebody else owns it.
        void fenced();

        /// The session is over: the store has been away for too long.
        void storeLost();

        /// All that was taken has passed or was dropped.
        void settled();

        /// The session is over: a step broke off, and nobody knows what of it took effect.
        void failed(RuntimeException bug);
    }

    private final ReplayStore store;
    private final String session;
    private final int windowBits;
    private final Duration life;
    private final Duration patience;
    private final ByteBudget budget;
    private final Executor loop;
    private final LongSupplier nanoTime;
    private final Outcome outcome;
    private final Deque<Received.Delivered> waiting = new ArrayDeque<>();
    private ReplayStore.Fence fence;
    private boolean asking;
    private boolean away;
    private long awaySince;

    /// Takes the session's fence.
    ///
    /// @param life of the session at most
    /// @param patience how long the store may be away
    /// @param budget for what waits for it
    SharedWindow(
            ReplayStore store,
            String session,
            int windowBits,
            Duration life,
            Duration patience,
            ByteBudget budget,
            Executor loop,
            LongSupplier nanoTime,
            Outcome outcome) {
        this.store = store;
        this.session = session;
        this.windowBits = windowBits;
        this.life = life;
        this.patience = patience;
        this.budget = budget;
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.outcome = outcome;
        this.fence = store.own(session, life);
    }

    /// Takes the next frame; false when too much waits already and the frame is left out.
    boolean take(Received.Delivered chunk) {
        if (!budget.tryTake(size(chunk))) {
            return false;
        }
        waiting.add(chunk);
        if (waiting.size() == 1 && !asking) {
            later(this::ask);
        }
        return true;
    }

    /// The session is over: nothing that waits will be passed on.
    void close() {
        waiting.forEach(this::giveBack);
        waiting.clear();
    }

    private void giveBack(Received.Delivered chunk) {
        budget.give(size(chunk));
    }

    /// With what a frame costs beside its content, so that empty ones are counted as well.
    private static long size(Received.Delivered chunk) {
        return chunk.content().length + FRAME_COST;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && !asking;
    }

    private void ask() {
        if (asking || waiting.isEmpty()) {
            return;
        }
        asking = true;
        List<Received.Delivered> batch = new ArrayList<>();
        int epoch = waiting.element().epoch();
        while (batch.size() < MOST_AT_ONCE
                && !waiting.isEmpty()
                && waiting.element().epoch() == epoch) {
            batch.add(waiting.remove());
        }
        List<Long> numbers = batch.stream().map(Received.Delivered::seq).toList();
        Marks marks = new Marks(session, fence, epoch, windowBits, numbers);
        var _ = store.mark(marks)
                .whenComplete((verdict, failure) -> later(() -> {
                    batch.forEach(this::giveBack);
                    answer(batch, failure == null ? verdict : new Verdict.Away());
                    asking = false;
                    if (waiting.isEmpty()) {
                        outcome.settled();
                    } else {
                        ask();
                    }
                }));
    }

    private void answer(List<Received.Delivered> batch, Verdict verdict) {
        switch (verdict) {
            case Verdict.Marked(List<Boolean> fresh) -> {
                if (away) {
                    away = false;
                    renew();
                }
                pass(batch, fresh);
            }
            case Verdict.Forgotten() -> {
                away = false;
                renew();
                batch.forEach(outcome::pass);
            }
            case Verdict.Fenced() -> outcome.fenced();
            case Verdict.Away() -> withoutStore(batch);
        }
    }

    private void pass(List<Received.Delivered> batch, List<Boolean> fresh) {
        Iterator<Boolean> verdicts = fresh.iterator();
        for (Received.Delivered chunk : batch) {
            if (verdicts.next()) {
                outcome.pass(chunk);
            } else {
                outcome.replayed();
            }
        }
    }

    private void renew() {
        outcome.renew();
        fence = store.ownAnew(session, fence, life);
    }

    private void withoutStore(List<Received.Delivered> batch) {
        long now = nanoTime.getAsLong();
        if (!away) {
            away = true;
            awaySince = now;
        }
        if (now - awaySince >= patience.toNanos()) {
            outcome.storeLost();
        } else {
            batch.forEach(outcome::pass);
        }
    }

    private void later(Runnable step) {
        try {
            loop.execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException bug) {
                    outcome.failed(bug);
                }
            });
        } catch (RejectedExecutionException _) {
            // The loop is gone, and with it the session.
        }
    }
}
