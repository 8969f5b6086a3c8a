package dev.postern.policy.anomaly;

import dev.postern.policy.Facts.Anomaly;
import java.util.Locale;

/// The kinds of scores: a closed set, safe as a metric tag.
public enum ScoreKind {
    ALL,
    USAGE,
    REGION_DRIFT,
    AEAD_FAILURES,
    SEQUENCE_GAPS;

    /// From 0 to 1.
    public double of(Anomaly scores) {
        return switch (this) {
            case ALL -> scores.score();
            case USAGE -> scores.usage();
            case REGION_DRIFT -> scores.regionDrift();
            case AEAD_FAILURES -> scores.aeadFailures();
            case SEQUENCE_GAPS -> scores.sequenceGaps();
        };
    }

    /// Its name in metrics.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
