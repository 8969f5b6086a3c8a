package dev.postern.relay.anomaly;

import dev.postern.policy.PolicyInForce;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.ScoreBooks;
import dev.postern.policy.anomaly.ScoreKind;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;

/// `postern.anomaly.score{kind}`: the scores of all clients together, and their maximum; and
/// `postern.anomaly.contained{outcome}`; and what policy contains by. No tag names a client.
final class AnomalyMeters {
    private final MeterRegistry meters;
    private final ScoreBooks scores;

    AnomalyMeters(MeterRegistry meters) {
        this.meters = meters;
        scores = new ScoreBooks(
                EnumSet.of(ScoreKind.ALL, ScoreKind.AEAD_FAILURES, ScoreKind.SEQUENCE_GAPS),
                kind -> summary(kind)::record);
    }

    private DistributionSummary summary(ScoreKind kind) {
        return DistributionSummary.builder(ScoreBooks.METRIC)
                .description(ScoreBooks.DESCRIPTION)
                .tag("kind", kind.wireName())
                .register(meters);
    }

    /// `postern.policy.epoch` and `postern.policy.refused`, as at the gateway.
    void follow(PolicyInForce policy) {
        Gauge.builder("postern.policy.epoch", policy, live -> (double) live.epoch())
                .description("Version of the policy set in force; 0 before the first")
                .register(meters);
        FunctionCounter.builder("postern.policy.refused", policy, live -> (double) live.refused())
                .description("Published policy sets that could not be compiled")
                .register(meters);
    }

    Behaviours.Listener scores() {
        return scores;
    }

    void contained(String outcome) {
        meters.counter("postern.anomaly.contained", "outcome", outcome).increment();
    }
}
