package dev.postern.sts.issuance;

import dev.postern.sts.refusal.Refusal;
import dev.postern.token.TokenUse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// `postern.tokens.issued` by binding and use, `postern.tokens.refused` by OAuth error code.
final class IssuanceMetrics {

    private final MeterRegistry registry;

    IssuanceMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void issued(String binding, TokenUse use) {
        Counter.builder("postern.tokens.issued")
                .description("Access tokens issued")
                .tag("binding", binding)
                .tag("use", use.wireName())
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
