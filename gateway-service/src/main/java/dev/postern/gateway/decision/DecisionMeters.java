package dev.postern.gateway.decision;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// `postern.policy.decisions{outcome}`: every decision, those about live requests included.
/// `postern.policy.denials.forgotten{why}`: the denials that cannot be explained later.
final class DecisionMeters {
    private static final String NAME = "postern.policy.decisions";
    private static final String FORGOTTEN = "postern.policy.denials.forgotten";

    /// Why a denial is not remembered.
    enum Forgotten {
        /// There were more of them than are kept.
        SAMPLED,
        REDIS_AWAY
    }

    private final Counter allowed;
    private final Counter denied;
    private final Counter sampled;
    private final Counter redisAway;

    DecisionMeters(MeterRegistry meters) {
        allowed = meters.counter(NAME, "outcome", "allowed");
        denied = meters.counter(NAME, "outcome", "denied");
        sampled = meters.counter(FORGOTTEN, "why", "sampled");
        redisAway = meters.counter(FORGOTTEN, "why", "redis-away");
    }

    void allowed() {
        allowed.increment();
    }

    void denied() {
        denied.increment();
    }

    void forgotten(Forgotten why) {
        switch (why) {
            case SAMPLED -> sampled.increment();
            case REDIS_AWAY -> redisAway.increment();
        }
    }
}
