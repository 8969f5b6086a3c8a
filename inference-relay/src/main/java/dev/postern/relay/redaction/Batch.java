package dev.postern.relay.redaction;

import dev.postern.redaction.v1.RequestBatch;

/// Items that leave together. Confined to its stream.
final class Batch {
    private final Lane lane;
    private final long sentAt;
    private final RequestBatch.Builder message = RequestBatch.newBuilder();
    private int unanswered;
    private boolean abandoned;

    Batch(Lane lane, long sentAt) {
        this.lane = lane;
        this.sentAt = sentAt;
    }

    void add(Lane.Item item) {
        message.addItems(item.request());
        if (!item.request().hasCancel()) {
            unanswered++;
            item.exchange().awaits(this);
        }
    }

    int size() {
        return message.getItemsCount();
    }

    RequestBatch message() {
        return message.build();
    }

    boolean isUnanswered() {
        return unanswered > 0;
    }

    /// One of its items is answered. The service works on one batch at a time: it began with this one when it
    /// had answered the last one before, unless this one was not there yet.
    ///
    /// @param lastEnd when that was
    /// @return whether it was the last of its items
    boolean answered(long lastEnd, long now) {
        if (--unanswered > 0) {
            return false;
        }
        if (abandoned) {
            lane.givenUp();
        } else {
            // Compared by difference, as System.nanoTime() wants it.
            lane.answered(this, now - (lastEnd - sentAt > 0 ? lastEnd : sentAt), now);
        }
        return true;
    }

    /// Nobody waits for one of its items any more, and perhaps nobody answers it.
    void abandoned() {
        abandoned = true;
        if (--unanswered == 0) {
            lane.givenUp();
        }
    }
}
