package dev.postern.chassis.bearer;

import dev.postern.token.TokenRejected.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// `postern.tokens.verified{outcome}`: every verification by its outcome, a closed set.
final class VerificationCounters {
    private static final String NAME = "postern.tokens.verified";

    private final Counter accepted;
    private final Counter challenged;
    private final Counter replayed;
    private final Counter undecided;
    private final Map<Reason, Counter> rejected = new EnumMap<>(Reason.class);

    VerificationCounters(MeterRegistry meters) {
        accepted = meters.counter(NAME, "outcome", "accepted");
        challenged = meters.counter(NAME, "outcome", "nonce-required");
        replayed = meters.counter(NAME, "outcome", "proof-replayed");
        undecided = meters.counter(NAME, "outcome", "replay-unknown");
        for (Reason reason : Reason.values()) {
            String outcome = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
            rejected.put(reason, meters.counter(NAME, "outcome", outcome));
        }
    }

    void accepted() {
        accepted.increment();
    }

    /// A proof without a nonce of ours.
    void challenged() {
        challenged.increment();
    }

    /// A proof that was used before.
    void replayed() {
        replayed.increment();
    }

    /// Nobody can say whether the proof was used before.
    void undecided() {
        undecided.increment();
    }

    void rejected(Reason reason) {
        Counter counter = rejected.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }
}
