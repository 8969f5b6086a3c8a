package dev.postern.gateway.anomaly;

import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.ScoreBooks;
import dev.postern.policy.anomaly.ScoreKind;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;

/// `postern.anomaly.score{kind}`: the scores of all clients together, and their maximum; and
/// `postern.anomaly.contained{outcome}`. No tag names a client.
final class AnomalyMeters {
    private final MeterRegistry meters;
    private final ScoreBooks scores;

    AnomalyMeters(MeterRegistry meters) {
        this.meters = meters;
        scores = new ScoreBooks(EnumSet.allOf(ScoreKind.class), kind -> summary(kind)::record);
    }

    private DistributionSummary summary(ScoreKind kind) {
        return DistributionSummary.builder(ScoreBooks.METRIC)
                .description(ScoreBooks.DESCRIPTION)
                .tag("kind", kind.wireName())
                .register(meters);
    }

    Behaviours.Listener scores() {
        return scores;
    }

    void contained(String outcome) {
        meters.counter("postern.anomaly.contained", "outcome", outcome).increment();
    }
}
