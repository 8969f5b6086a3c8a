package dev.postern.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Holds the first rejection of a kind for a window and counts those like it, then lets one event with the count out.
///
/// Nothing is dropped: when the spool is full, a held rejection stays held and its count goes on rising. Beyond
/// [#MAX_KEYS] kinds at a time, rejections go out one by one. All state is guarded by this object's monitor, which is
/// never held while the outlet is called.
final class RejectionCoalescer {

    static final int MAX_KEYS = 4096;

    /// Runs a task once, after a while; may forget it once the trail closes.
    @FunctionalInterface
    interface Later {
        void run(Runnable task, Duration after);
    }

    private record Held(Rejection first, Instant since, long count, CompletableFuture<Void> done) {}

    private final Duration window;
    private final Clock clock;
    private final Later later;
    private final BiFunction<AuditEvent, Instant, CompletableFuture<Void>> outlet;
    private final Map<String, Held> held = new HashMap<>();
    private boolean closed;

    RejectionCoalescer(
            Duration window,
            Clock clock,
            Later later,
            BiFunction<AuditEvent, Instant, CompletableFuture<Void>> outlet) {
        this.window = window;
        this.clock = clock;
        this.later = later;
        this.outlet = outlet;
    }

    /// Completes when the event that counts this rejection is on disk.
    CompletableFuture<Void> add(Rejection rejection) {
        Instant now = clock.instant();
        synchronized (this) {
            if (!closed && (held.size() < MAX_KEYS || held.containsKey(rejection.coalescingKey()))) {
                return hold(new Held(rejection, now, rejection.count(), new CompletableFuture<>()));
            }
        }
        return outlet.apply(rejection, now);
    }

    private synchronized CompletableFuture<Void> hold(Held more) {
        String key = more.first().coalescingKey();
        Held before = held.get(key);
        if (before == null) {
            held.put(key, more);
            later.run(() -> release(key), window);
            return more.done();
        }
        Held older = before.since().isAfter(more.since()) ? more : before;
        held.put(key, new Held(older.first(), older.since(), before.count() + more.count(), before.done()));
        return before.done();
    }

    private void release(String key) {
        Held due;
        synchronized (this) {
            due = held.remove(key);
        }
        if (due != null) {
            emit(due);
        }
    }

    private void emit(Held due) {
        var _ = outlet.apply(due.first().withCount(due.count()), due.since())
                .whenComplete((_, failure) -> answer(due, failure));
    }

    private void answer(Held due, @Nullable Throwable failure) {
        if (failure == null) {
            due.done().complete(null);
        } else if (isFull(failure) && !isClosed()) {
            var _ = hold(due).whenComplete((_, again) -> {
                if (again == null) {
                    due.done().complete(null);
                } else {
                    due.done().completeExceptionally(again);
                }
            });
        } else {
            due.done().completeExceptionally(failure);
        }
    }

    private static boolean isFull(Throwable failure) {
        return failure instanceof AuditUnavailable unavailable && unavailable.reason() == AuditUnavailable.Reason.FULL;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /// Lets everything out now and holds nothing from here on.
    void close() {
        List<Held> rest;
        synchronized (this) {
            closed = true;
            rest = List.copyOf(held.values());
            held.clear();
        }
        rest.forEach(this::emit);
    }
}
