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
        if (kept.addAndGet(octets) <= limit) {
            return true;
        }
        kept.addAndGet(-octets);
        return false;
    }

    void give(long octets) {
        kept.addAndGet(-octets);
    }

    long kept() {
        return kept.get();
    }
}
