package dev.postern.relay.exchange;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What one request waits for redaction to answer: how much, since when, and for how long at most. Confined to the
/// request's event loop.
final class RedactionSteps {
    private static final int MAX_UNANSWERED = 64;
    private static final int MAX_UNANSWERED_BYTES = 256 << 10;

    private final Exchanges services;
    private final ScheduledExecutorService loop;
    private final Runnable tooLate;
    private final Queue<Integer> sizes = new ArrayDeque<>();
    private @Nullable ScheduledFuture<?> timer;
    private long askedAt;
    private long bytes;

    /// @param tooLate called when a step was not answered in time
    RedactionSteps(Exchanges services, ScheduledExecutorService loop, Runnable tooLate) {
        this.services = services;
        this.loop = loop;
        this.tooLate = tooLate;
    }

    /// A step of so many bytes is asked for.
    void asked(int size) {
        if (sizes.isEmpty()) {
            askedAt = services.nanoTime().getAsLong();
            if (timer == null) {
                arm(services.redactionTimeout().toNanos());
            }
        }
        sizes.add(size);
        bytes += size;
    }

    /// The eldest step is answered.
    ///
    /// @param step `prompt` or `answer`
    void answered(String step) {
        record(step, "success");
        Integer size = sizes.poll();
        bytes -= size == null ? 0 : size;
        askedAt = services.nanoTime().getAsLong();
    }

    /// It is too late for the eldest step.
    void timedOut(String step) {
        record(step, "timeout");
    }

    private void record(String step, String outcome) {
        services.accounts().redactionStep(step, outcome, waited());
    }

    /// Whether redaction has so little to answer that more may be asked.
    boolean hasRoom() {
        return sizes.size() < MAX_UNANSWERED && bytes < MAX_UNANSWERED_BYTES;
    }

    void close() {
        if (timer != null) {
            timer.cancel(false);
        }
        sizes.clear();
    }

    private long waited() {
        return services.nanoTime().getAsLong() - askedAt;
    }

    /// One timer per request, moved on when it fires early.
    private void arm(long nanos) {
        timer = loop.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        timer = null;
        if (sizes.isEmpty()) {
            return;
        }
        long left = services.redactionTimeout().toNanos() - waited();
        if (left > 0) {
            arm(left);
        } else {
            tooLate.run();
        }
    }
}
