package dev.postern.gateway.access;

import dev.postern.gateway.problem.Failure;
import dev.postern.token.TokenRejected.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// `postern.tokens.verified{outcome}`: every verification by its outcome; `postern.proofs.refused{reason}`: every
/// proof of possession that was not taken.
final class VerificationCounters {
    private static final String NAME = "postern.tokens.verified";

    private static final String PROOFS = "postern.proofs.refused";

    private final MeterRegistry meters;
    private final Counter accepted;
    private final Map<Reason, Counter> rejected = new EnumMap<>(Reason.class);

    VerificationCounters(MeterRegistry meters) {
        this.meters = meters;
        accepted = meters.counter(NAME, "outcome", "accepted");
        for (Reason reason : Reason.values()) {
            rejected.put(
                    reason,
                    meters.counter(
                            NAME,
                            "outcome",
                            reason.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        }
    }

    void accepted() {
        accepted.increment();
    }

    void rejected(Reason reason) {
        Counter counter = rejected.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    /// The failures of proofs are few, and the registry remembers their counters.
    void proof(Failure failure) {
        meters.counter(PROOFS, "reason", failure.reason()).increment();
    }
}
