package dev.postern.relay.session;

import java.util.concurrent.atomic.AtomicLong;

/// How many octets of requests that are still arriving this process keeps at once, in all sessions. Thread-safe.
///
/// Non-guarantee: requests that arrived whole are not counted; their number is limited.
final class ArrivalBudget {
    private final long limit;
    private final AtomicLong kept = new AtomicLong();

    ArrivalBudget(long limit) {
        this.limit = limit;
    }

    /// Counts `octets` in any case; whether they are within the limit.
    boolean take(long octets) {
        return kept.addAndGet(octets) <= limit;
    }

    void give(long octets) {
        kept.addAndGet(-octets);
    }

    long kept() {
        return kept.get();
    }
}
