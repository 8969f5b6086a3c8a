package dev.postern.gateway.decision;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// `postern.policy.decisions{outcome}`: every decision, those about live requests included.
final class DecisionMeters {
    private static final String NAME = "postern.policy.decisions";

    private final Counter allowed;
    private final Counter denied;

    DecisionMeters(MeterRegistry meters) {
        allowed = meters.counter(NAME, "outcome", "allowed");
        denied = meters.counter(NAME, "outcome", "denied");
    }

    void allowed() {
        allowed.increment();
    }

    void denied() {
        denied.increment();
    }
}
