package dev.postern.gateway.admission;

import java.util.List;
import java.util.Optional;

/// What became of a [Demand].
///
/// @param refusing the meter that keeps the request out for longest; empty when everything was taken
/// @param retryMillis until that may change; [#NEVER] when waiting does not help
/// @param standings of the meters, in the demand's order
record Verdict(Optional<Meter> refusing, long retryMillis, List<Standing> standings) {
    static final long NEVER = -1;

    /// @param meter of the demand
    /// @param left after this request
    /// @param resetMillis until nothing of it is used any more, when nobody takes more; [#NEVER]
    record Standing(Meter meter, long left, long resetMillis) {}

    Verdict {
        standings = List.copyOf(standings);
    }

    boolean isAllowed() {
        return refusing.isEmpty();
    }
}
