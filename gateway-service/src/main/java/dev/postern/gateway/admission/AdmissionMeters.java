package dev.postern.gateway.admission;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.LongStream;

/// `postern.admission{outcome,limit}`: how long admission took, by what became of the request and by the kind of limit
/// that refused it; `postern.admission.settled{basis}`: on what requests were charged.
///
/// All tags are closed sets.
final class AdmissionMeters {
    /// What became of a request.
    enum Outcome {
        ADMITTED,
        /// Admitted by the counts of this process, because Redis is away.
        ADMITTED_LOCALLY,
        REFUSED,
        REFUSED_LOCALLY,
        /// Refused because Redis is away.
        UNAVAILABLE
    }

    private static final String NONE = "none";

    private record Key(Outcome outcome, String limit) {}

    /// Around the 300 us that admission may take.
    private static final Duration[] EDGES = LongStream.of(
                    100, 150, 200, 250, 300, 350, 400, 500, 700, 1_000, 2_000, 5_000, 20_000, 100_000)
            .mapToObj(micros -> Duration.of(micros, ChronoUnit.MICROS))
            .toArray(Duration[]::new);

    private final MeterRegistry meters;
    private final ConcurrentMap<Key, Timer> timers = new ConcurrentHashMap<>();

    AdmissionMeters(MeterRegistry meters) {
        this.meters = meters;
        for (Outcome outcome : Outcome.values()) {
            timer(new Key(outcome, NONE));
        }
    }

    Timer.Sample start() {
        return Timer.start(meters);
    }

    void decided(Timer.Sample sample, Outcome outcome) {
        sample.stop(timer(new Key(outcome, NONE)));
    }

    void refused(Timer.Sample sample, Outcome outcome, LimitKind by) {
        sample.stop(timer(new Key(outcome, by.wireName())));
    }

    void settled(AnswerMeter.Basis basis) {
        meters.counter("postern.admission.settled", "basis", name(basis)).increment();
    }

    private Timer timer(Key key) {
        return timers.computeIfAbsent(
                key,
                missing -> Timer.builder("postern.admission")
                        .description("Deciding whether a request is within its limits")
                        .tag("outcome", name(missing.outcome()))
                        .tag("limit", missing.limit())
                        .serviceLevelObjectives(EDGES)
                        .register(meters));
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
