package dev.postern.relay.redaction;

import dev.postern.redaction.v1.RequestBatch;
import java.util.HashMap;
import java.util.Map;

/// Items that leave together. Confined to its stream.
final class Batch {
    private final Lane lane;
    private final long sentAt;
    private final RequestBatch.Builder message = RequestBatch.newBuilder();
    /// How many of its items the service still owes a reply, by exchange: whether anybody waits for it or not.
    private final Map<Long, Integer> unanswered = new HashMap<>();

    Batch(Lane lane, long sentAt) {
        this.lane = lane;
        this.sentAt = sentAt;
    }

    void add(Lane.Item item) {
        message.addItems(item.request());
        if (!item.request().hasCancel()) {
            unanswered.merge(item.exchange().id(), 1, Integer::sum);
            item.exchange().sent();
        }
    }

    int size() {
        return message.getItemsCount();
    }

    RequestBatch message() {
        return message.build();
    }

    long sentAt() {
        return sentAt;
    }

    boolean isUnanswered() {
        return !unanswered.isEmpty();
    }

    /// Whether the service owes this exchange a reply to an item of this batch.
    boolean owes(long exchange) {
        return unanswered.containsKey(exchange);
    }

    /// One of its items is answered. The service works on one batch at a time: it began with this one when it
    /// had answered the last one before, unless this one was not there yet.
    ///
    /// @param lastEnd when that was
    /// @return whether it was the last of its items
    boolean answered(long exchange, long lastEnd, long now) {
        unanswered.computeIfPresent(exchange, (_, left) -> left == 1 ? null : left - 1);
        if (isUnanswered()) {
            return false;
        }
        // Compared by difference, as System.nanoTime() wants it.
        lane.answered(this, now - (lastEnd - sentAt > 0 ? lastEnd : sentAt), now);
        return true;
    }
}
