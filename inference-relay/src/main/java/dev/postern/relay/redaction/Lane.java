package dev.postern.relay.redaction;

import dev.postern.redaction.v1.Request;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The items of one kind that wait to be sent, and how they are gathered.
///
/// An item leaves at once while none of the lane's batches is unanswered. While one is, items are gathered: a second
/// batch leaves as soon as it is full, so that the service never waits for its work, and no third one does, so that
/// what waits waits here, where it can still be dropped. Nothing ever waits for a timer.
///
/// A batch is the service's until it has answered every item of it, also those that nobody waits for any more.
///
/// Confined to its stream, but for [#reserve].
final class Lane {
    private static final int MOST_UNANSWERED = 2;
    /// Larger items travel alone, so that no other waits for the reply to them.
    private static final int FULL_BYTES = 64 << 10;

    private final BatchControl control;
    private final BatchMeters meters;
    private final BatchMeters.Shown shown;
    private final long mostBytes;
    private final AtomicLong reserved = new AtomicLong();
    private final Queue<Item> waiting = new ArrayDeque<>();
    private final Queue<Batch> withService = new ArrayDeque<>();

    /// One item and whose it is.
    record Item(RedactionExchange exchange, Request request, int bytes) {
        boolean isStillWanted() {
            return request.hasCancel() || !exchange.isForgotten();
        }
    }

    /// @param mostBytes that wait at once
    Lane(BatchControl control, BatchMeters meters, long mostBytes) {
        this.control = control;
        this.meters = meters;
        this.mostBytes = mostBytes;
        this.shown = meters.begin(control.limit());
    }

    /// Takes room for an item; false when there is none. One item always fits. Any thread.
    boolean reserve(int bytes) {
        // What finds no room is never counted, not even for a moment: another item may find some.
        long before = reserved.getAndUpdate(held -> hasRoom(held, bytes) ? held + bytes : held);
        return hasRoom(before, bytes);
    }

    private boolean hasRoom(long held, int bytes) {
        return held == 0 || held + bytes <= mostBytes;
    }

    /// Takes an item whose room is reserved.
    void add(Item item) {
        waiting.add(item);
        shown.waiting(waiting.size());
    }

    /// The batch that may leave now, if any.
    Optional<Batch> next(long now) {
        boolean full = waiting.size() >= control.limit() || reserved.get() >= FULL_BYTES;
        if (withService.size() >= (full ? MOST_UNANSWERED : 1)) {
            return Optional.empty();
        }
        Batch batch = new Batch(this, now);
        int bytes = 0;
        Item item = head();
        while (item != null && batch.size() < control.limit() && (bytes == 0 || bytes + item.bytes() <= FULL_BYTES)) {
            bytes += item.bytes();
            take();
            batch.add(item);
            item = head();
        }
        shown.waiting(waiting.size());
        if (batch.size() == 0) {
            return Optional.empty();
        }
        if (batch.isUnanswered()) {
            withService.add(batch);
        }
        control.sent(batch.size(), waiting.size());
        meters.sent(batch.size());
        return Optional.of(batch);
    }

    /// The next item that somebody still waits for.
    private @Nullable Item head() {
        Item item = waiting.peek();
        while (item != null && !item.isStillWanted()) {
            take();
            item = waiting.peek();
        }
        return item;
    }

    private void take() {
        reserved.addAndGet(-waiting.remove().bytes());
    }

    /// The batch with the eldest item of an exchange that is not answered.
    Optional<Batch> owing(long exchange) {
        for (Batch batch : withService) {
            if (batch.owes(exchange)) {
                return Optional.of(batch);
            }
        }
        return Optional.empty();
    }

    /// Whether the service has had a batch for longer than `nanos`.
    boolean waitsLongerThan(long nanos, long now) {
        Batch eldest = withService.peek();
        return eldest != null && now - eldest.sentAt() > nanos;
    }

    /// Every item of a batch is answered.
    ///
    /// @param took how long it kept the service busy, in nanoseconds
    void answered(Batch batch, long took, long now) {
        withService.remove(batch);
        meters.answered(took);
        BatchControl.Change change = control.answered(batch.size(), took, now);
        meters.changed(change);
        shown.limit(control.limit());
    }

    /// Nothing is sent any more.
    void close() {
        waiting.clear();
        shown.waiting(0);
    }
}
