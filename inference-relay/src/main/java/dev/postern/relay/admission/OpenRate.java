package dev.postern.relay.admission;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A token bucket per peer: how many OPENs it may send. Thread-safe; the peers are the few that TLS lets in.
final class OpenRate {
    private final double perNano;
    private final double burst;
    private final LongSupplier nanoTime;
    private final Map<URI, Bucket> buckets = new ConcurrentHashMap<>();

    OpenRate(int perSecond, int burst, LongSupplier nanoTime) {
        this.perNano = (double) perSecond / TimeUnit.SECONDS.toNanos(1);
        this.burst = burst;
        this.nanoTime = nanoTime;
    }

    boolean tryTake(URI peer) {
        return buckets.computeIfAbsent(peer, _ -> new Bucket(burst, nanoTime.getAsLong()))
                .tryTake();
    }

    private final class Bucket {
        private double level;
        private long filledAt;

        Bucket(double level, long filledAt) {
            this.level = level;
            this.filledAt = filledAt;
        }

        synchronized boolean tryTake() {
            long now = nanoTime.getAsLong();
            level = Math.min(burst, level + (now - filledAt) * perNano);
            filledAt = now;
            if (level < 1) {
                return false;
            }
            level--;
            return true;
        }
    }
}
