package dev.postern.gateway.routing;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import java.util.concurrent.atomic.AtomicLong;

/// How many octets of request bodies this process keeps at once. Thread-safe.
///
/// Guarantee: over the limit a request is refused as one too many instead of being kept. Non-guarantee: copies of a
/// body that are on their way to a relay are not counted.
final class BodyBudget {
    private final long limit;
    private final AtomicLong kept = new AtomicLong();

    BodyBudget(long limit) {
        this.limit = limit;
    }

    /// A quarter of the heap.
    static BodyBudget ofThisProcess() {
        return new BodyBudget(Runtime.getRuntime().maxMemory() / 4);
    }

    Lease lease() {
        return new Lease();
    }

    long kept() {
        return kept.get();
    }

    /// What one request keeps.
    final class Lease {
        private final AtomicLong mine = new AtomicLong();

        void take(int octets) {
            mine.addAndGet(octets);
            if (kept.addAndGet(octets) > limit) {
                throw new Refused(Failure.OVERLOADED);
            }
        }

        /// Gives everything back; more than once does no harm.
        void release() {
            kept.addAndGet(-mine.getAndSet(0));
        }
    }
}
