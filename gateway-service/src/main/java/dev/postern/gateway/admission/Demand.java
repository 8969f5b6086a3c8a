package dev.postern.gateway.admission;

import java.time.Duration;
import java.util.List;

/// Everything that one request takes, of all of its limits.
///
/// @param reservationKey where it is noted that it was taken
/// @param requestId names the request; settling goes by it
/// @param lease how long what it took stays taken when nobody ever settles
record Demand(String reservationKey, String requestId, Duration lease, List<Meter> meters) {
    Demand {
        meters = List.copyOf(meters);
    }

    boolean isUnlimited() {
        return meters.isEmpty();
    }

    /// Whether anything is ever given back or corrected; a request that is only counted is not settled.
    boolean isSettled() {
        for (Meter meter : meters) {
            switch (meter.kind().unit()) {
                case MODEL_TOKENS, SPEND_MICROS, CONCURRENT_REQUESTS -> {
                    return true;
                }
                case REQUESTS -> {}
            }
        }
        return false;
    }

    /// Whether it matters how much the request uses.
    boolean countsUsage() {
        return meters.stream().anyMatch(meter -> switch (meter.kind().unit()) {
            case MODEL_TOKENS, SPEND_MICROS -> true;
            case REQUESTS, CONCURRENT_REQUESTS -> false;
        });
    }

    Demand sharedBy(int replicas) {
        return new Demand(
                reservationKey,
                requestId,
                lease,
                meters.stream().map(meter -> meter.sharedBy(replicas)).toList());
    }
}
