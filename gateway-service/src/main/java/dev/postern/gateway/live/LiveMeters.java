package dev.postern.gateway.live;

import dev.postern.gateway.problem.Failure;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;

/// `postern.live.requests`, and `postern.live.ended{reason}`: what was ended before its time.
final class LiveMeters {
    private final MeterRegistry meters;

    LiveMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    void size(Set<?> serving) {
        meters.gaugeCollectionSize("postern.live.requests", List.of(), serving);
    }

    /// The reasons are failures, a closed set.
    void ended(Failure why) {
        meters.counter("postern.live.ended", "reason", why.reason()).increment();
    }
}
