package dev.postern.sts.issuance;

import dev.postern.sts.refusal.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// `postern.tokens.issued` by binding, `postern.tokens.refused` by OAuth error code.
final class IssuanceMetrics {

    private final MeterRegistry registry;

    IssuanceMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void issued(boolean bound) {
        Counter.builder("postern.tokens.issued")
                .description("Access tokens issued")
                .tag("binding", bound ? "dpop" : "none")
                .register(registry)
                .increment();
    }

    void refused(Refusal refusal) {
        Counter.builder("postern.tokens.refused")
                .description("Token requests refused")
                .tag("reason", refusal.code())
                .register(registry)
                .increment();
    }
}
