package dev.postern.relay.anomaly;

import dev.postern.policy.Facts.Anomaly;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.Origin;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;

/// `postern.anomaly.score{kind}`: the scores of all clients together, and their maximum; and
/// `postern.anomaly.contained{outcome}`. No tag names a client.
final class AnomalyMeters implements Behaviours.Listener {

    private final MeterRegistry meters;
    private final DistributionSummary all;
    private final DistributionSummary failures;
    private final DistributionSummary gaps;

    AnomalyMeters(MeterRegistry meters) {
        this.meters = meters;
        all = summary("all");
        failures = summary("aead-failures");
        gaps = summary("sequence-gaps");
    }

    private DistributionSummary summary(String kind) {
        return DistributionSummary.builder("postern.anomaly.score")
                .description("How unusual clients behave, 0 to 1, at each observation")
                .tag("kind", kind)
                .register(meters);
    }

    @Override
    public void observed(Origin origin, Anomaly scores, boolean news) {
        all.record(scores.score());
        failures.record(scores.aeadFailures());
        gaps.record(scores.sequenceGaps());
    }

    Counter contained(String outcome) {
        return meters.counter("postern.anomaly.contained", "outcome", outcome);
    }
}
