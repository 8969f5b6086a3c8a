package dev.postern.relay.journal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;

/// How many octets this process has lying in a store that forgets them by itself, within a limit: answers must not
/// crowd out what the same Redis is there for, replay windows and limits. Thread-safe.
final class KeptBytes {
    /// What the store adds to a value, and so a bound on how many there are.
    private static final long COST = 256;

    private final long limit;
    private final LongSupplier nanoTime;
    private final Queue<Kept> kept = new ArrayDeque<>();
    private long sum;

    private record Kept(long octets, long until) {}

    KeptBytes(long limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    /// Counts a value for its `life` if it fits; whether it does. Lives are of one length, or a value may be counted
    /// longer than it lies there.
    synchronized boolean tryKeep(long octets, Duration life) {
        long now = forgetOld();
        if (sum + octets + COST > limit) {
            return false;
        }
        kept.add(new Kept(octets + COST, now + life.toNanos()));
        sum += octets + COST;
        return true;
    }

    synchronized long sum() {
        forgetOld();
        return sum;
    }

    private long forgetOld() {
        long now = nanoTime.getAsLong();
        for (Kept oldest = kept.peek(); oldest != null && oldest.until() - now <= 0; oldest = kept.peek()) {
            sum -= kept.remove().octets();
        }
        return now;
    }
}
