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
/// Confined to its stream, but for [#reserve].
final class Lane {
    private static final int MOST_UNANSWERED = 2;
    /// Larger items travel alone, so that no other waits for the reply to them.
    private static final int FULL_BYTES = 64 << 10;

    private final BatchControl control;
    private final BatchMeters meters;
    private final long mostBytes;
    private final AtomicLong reserved = new AtomicLong();
    private final Queue<Item> waiting = new ArrayDeque<>();
    private int unanswered;

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
        meters.limit(control.limit());
        meters.waiting(0);
    }

    /// Takes room for an item; false when there is none. One item always fits. Any thread.
    boolean reserve(int bytes) {
        long before = reserved.getAndAdd(bytes);
        if (before > 0 && before + bytes > mostBytes) {
            reserved.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /// Takes an item whose room is reserved.
    void add(Item item) {
        waiting.add(item);
        meters.waiting(waiting.size());
    }

    /// The batch that may leave now, if any.
    Optional<Batch> next(long now) {
        boolean full = waiting.size() >= control.limit() || reserved.get() >= FULL_BYTES;
        if (unanswered >= (full ? MOST_UNANSWERED : 1)) {
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
        meters.waiting(waiting.size());
        if (batch.size() == 0) {
            return Optional.empty();
        }
        if (batch.isUnanswered()) {
            unanswered++;
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

    /// Every item of a batch is answered.
    ///
    /// @param took how long it kept the service busy, in nanoseconds
    void answered(Batch batch, long took, long now) {
        unanswered--;
        meters.answered(took);
        BatchControl.Change change = control.answered(batch.size(), took, now);
        meters.changed(change);
        meters.limit(control.limit());
    }

    /// Nobody waits any more for what is left of a batch: how long it took is not known.
    void givenUp() {
        unanswered--;
    }

    /// Nothing is sent any more.
    void close() {
        waiting.clear();
        meters.waiting(0);
    }
}
