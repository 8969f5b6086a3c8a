package dev.postern.policy.anomaly;

import dev.postern.policy.Facts.Anomaly;

/// One client's behaviour. Guarded by its own monitor.
final class Behaviour {

    /// Deviations below five requests or 5,000 model tokens in ten seconds are nobody's spike.
    private final Baseline requests = new Baseline(5);

    private final Baseline modelTokens = new Baseline(5_000);
    private final RegionDrift regions = new RegionDrift();
    private final FailureRate authentication = new FailureRate();
    private final FailureRate sequence = new FailureRate();
    private double announced;

    synchronized void request(String region, long nowMillis) {
        requests.add(1, nowMillis);
        regions.seen(region, nowMillis);
    }

    synchronized void modelTokens(long used, long nowMillis) {
        modelTokens.add((double) used, nowMillis);
    }

    synchronized void failed(FailureKind kind, long nowMillis) {
        switch (kind) {
            case AUTHENTICATION -> authentication.failed(nowMillis);
            case SEQUENCE -> sequence.failed(nowMillis);
        }
    }

    synchronized Anomaly scores(long nowMillis) {
        double usage = Math.max(requests.score(nowMillis), modelTokens.score(nowMillis));
        double region = regions.score(nowMillis);
        double failures = authentication.score(nowMillis);
        double gaps = sequence.score(nowMillis);
        double score = 1 - (1 - usage) * (1 - region) * (1 - failures) * (1 - gaps);
        return new Anomaly(bounded(score), bounded(usage), bounded(region), bounded(failures), bounded(gaps));
    }

    private static double bounded(double score) {
        return Math.clamp(score, 0, 1);
    }

    /// Whether the score is so different from the one that was last told that it has to be told. What is near 1 is
    /// told again with every step towards it, since rules have their thresholds there.
    synchronized boolean isNews(Anomaly now) {
        double step = now.score() > 0.9 && now.score() > announced ? 0.01 : 0.1;
        if (Math.abs(now.score() - announced) < step) {
            return false;
        }
        announced = now.score();
        return true;
    }
}
