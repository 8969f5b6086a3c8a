package dev.postern.cli.bench.redaction;

import dev.postern.cli.bench.Latencies;
import java.time.Duration;

/// What came of one load.
///
/// @param nanos how long each took, in nanoseconds
/// @param failed what was answered otherwise than it should be, or not at all
record Tally(Latencies nanos, int failed, Duration took) {
    double perSecond() {
        return nanos.count() * 1e9 / Math.max(1, took.toNanos());
    }

    double micros(double percentile) {
        return nanos.percentile(percentile) / 1000.0;
    }
}
