package dev.postern.policy.anomaly;

/// Failures that halve in weight every minute. The score is `1 - exp(-(n - 5) / 10)` for a weight n above 5, otherwise
/// 0: a few are a bad line, 0.63 at 15, 0.95 at 35.
///
/// Not thread-safe.
final class FailureRate {

    private static final long HALF_LIFE_MILLIS = 60_000;
    private static final double TOLERATED = 5;
    private static final double SCALE = 10;

    private final Decay failures = new Decay(HALF_LIFE_MILLIS);

    void failed(long nowMillis) {
        failures.add(1, nowMillis);
    }

    double score(long nowMillis) {
        double weight = failures.at(nowMillis);
        return weight <= TOLERATED ? 0 : 1 - Math.exp(-(weight - TOLERATED) / SCALE);
    }
}
