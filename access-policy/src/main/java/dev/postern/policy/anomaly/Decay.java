package dev.postern.policy.anomaly;

/// A sum that halves in a fixed time. Not thread-safe.
final class Decay {

    private final double halfLifeMillis;
    private double value;
    private long at = Long.MIN_VALUE;

    Decay(long halfLifeMillis) {
        this.halfLifeMillis = halfLifeMillis;
    }

    double at(long nowMillis) {
        if (value == 0) {
            return 0;
        }
        long passed = Math.max(0, nowMillis - at);
        return value * Math.pow(0.5, passed / halfLifeMillis);
    }

    void set(double now, long nowMillis) {
        value = now;
        at = nowMillis;
    }

    void add(double more, long nowMillis) {
        set(at(nowMillis) + more, nowMillis);
    }
}
