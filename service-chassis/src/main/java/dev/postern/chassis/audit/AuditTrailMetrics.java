package dev.postern.chassis.audit;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditTrailState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/// The producer's side of the audit path: what was written, what was shipped, and how far shipping lags.
final class AuditTrailMetrics implements MeterBinder {
    private final AuditTrail trail;
    private final Clock clock;

    AuditTrailMetrics(AuditTrail trail, Clock clock) {
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "postern.audit.spool.appended", "Events put on disk", AuditTrailState::appended);
        counter(registry, "postern.audit.spool.shipped", "Events the audit-service took", AuditTrailState::shipped);
        counter(
                registry,
                "postern.audit.spool.ship.failures",
                "Failed attempts to ship",
                AuditTrailState::shipFailures);
        gauge(registry, "postern.audit.spool.pending.events", "Events not yet shipped", AuditTrailState::pendingEvents);
        gauge(registry, "postern.audit.spool.pending.bytes", "Bytes of the spool", AuditTrailState::pendingBytes);
        gauge(registry, "postern.audit.spool.writable", "0 once a write failed", state -> state.writable() ? 1 : 0);
        gauge(registry, "postern.audit.spool.lag.seconds", "Age of the oldest event not yet shipped", this::lag);
    }

    private double lag(AuditTrailState state) {
        return state.oldestPending()
                .map(oldest -> Duration.between(oldest, clock.instant()).toMillis() / 1000.0)
                .orElse(0.0);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<AuditTrailState> value) {
        FunctionCounter.builder(name, trail, live -> value.applyAsDouble(live.state()))
                .description(description)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<AuditTrailState> value) {
        Gauge.builder(name, trail, live -> value.applyAsDouble(live.state()))
                .description(description)
                .register(registry);
    }
}
