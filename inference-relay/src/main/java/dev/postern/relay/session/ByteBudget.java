package dev.postern.relay.session;

import java.util.concurrent.atomic.AtomicLong;

/// How many octets of requests and answers this process holds at once for all its sessions: requests that are still
/// arriving, wait for Redis, for a place or for their answer, and answers that the journal is to keep. Thread-safe.
final class ByteBudget {
    private final long limit;
    private final AtomicLong kept = new AtomicLong();

    ByteBudget(long limit) {
        this.limit = limit;
    }

    /// Counts `octets` if they are within the limit; whether they are.
    boolean tryTake(long octets) {
        // What is refused is never counted, not even for a moment: somebody else may find room.
        long before = kept.getAndUpdate(held -> held + octets <= limit ? held + octets : held);
        return before + octets <= limit;
    }

    void give(long octets) {
        kept.addAndGet(-octets);
    }

    long kept() {
        return kept.get();
    }
}
