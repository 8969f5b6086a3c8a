package dev.postern.policy.anomaly;

/// How much of something a client uses in a window of time, against its own past: exponentially weighted mean and
/// variance (West 1979, Finch 2009) of complete windows.
///
/// The score of the present window with amount x is `1 - exp(-(z - 3) / 5)` for `z = (x - mean) / deviation` above 3,
/// otherwise 0: 0.33 at 5 deviations, 0.95 at 18. The deviation is never taken below a tenth of the mean nor below
/// `floor`, so that a quiet client may become a little less quiet. A window enters the past with at most mean + 3
/// deviations: a spike cannot teach that spikes are usual. Nothing is scored before there are [#LEARNING] windows of
/// past.
///
/// Not thread-safe.
final class Baseline {

    static final long WINDOW_MILLIS = 10_000;
    static final int LEARNING = 30;

    /// Weighs the last ten minutes.
    private static final double ALPHA = 2.0 / 61;
    private static final double USUAL_DEVIATIONS = 3;
    private static final double SCALE = 5;
    /// After so many windows without use the past weighs next to nothing.
    private static final long FORGETFUL = 600;

    private final double floor;
    private long window = Long.MIN_VALUE;
    private double amount;
    private double mean;
    private double variance;
    private long windows;

    /// @param floor the least deviation that counts, in what is counted
    Baseline(double floor) {
        this.floor = floor;
    }

    void add(double used, long nowMillis) {
        roll(nowMillis);
        amount += used;
    }

    double score(long nowMillis) {
        roll(nowMillis);
        if (windows < LEARNING) {
            return 0;
        }
        double deviations = (amount - mean) / deviation();
        return deviations <= USUAL_DEVIATIONS ? 0 : 1 - Math.exp(-(deviations - USUAL_DEVIATIONS) / SCALE);
    }

    private double deviation() {
        return Math.max(Math.max(Math.sqrt(variance), mean / 10), floor);
    }

    private void roll(long nowMillis) {
        long present = Math.floorDiv(nowMillis, WINDOW_MILLIS);
        if (window == Long.MIN_VALUE) {
            window = present;
        }
        long passed = present - window;
        if (passed <= 0) {
            // A clock that was set back adds to the window that is open.
            return;
        }
        learn(amount);
        for (long i = 1; i < Math.min(passed, FORGETFUL); i++) {
            learn(0);
        }
        window = present;
        amount = 0;
    }

    private void learn(double used) {
        double credible = windows < LEARNING ? used : Math.min(used, mean + USUAL_DEVIATIONS * deviation());
        // The first windows weigh alike, so that the first of all is not the whole past for minutes.
        double weight = Math.max(ALPHA, 1.0 / (windows + 1));
        double difference = credible - mean;
        double increment = weight * difference;
        mean += increment;
        variance = (1 - weight) * (variance + difference * increment);
        windows++;
    }
}
