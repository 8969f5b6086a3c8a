package dev.postern.redacting.wire;

import dev.postern.audit.AuditTrail;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redacting.engine.RedactionEngine;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;

/// Wires the gRPC server.
@Configuration(proxyBeanMethods = false)
class WireConfiguration {
    @Bean
    ExchangeService exchangeService(
            RedactionEngine engine, WireProperties properties, MeterRegistry registry, Clock clock) {
        return new ExchangeService(engine::open, properties, new ExchangeMetrics(registry), clock);
    }

    @Bean
    RedactionServer redactionServer(
            WireProperties properties, WorkloadIdentity identity, ExchangeService service, AuditTrail trail) {
        identity.onChange(_ -> service.askToMove());
        return new RedactionServer(properties, identity, service, trail);
    }

    @Bean
    ExchangeSweep exchangeSweep(ExchangeService service) {
        return new ExchangeSweep(service);
    }

    /// Frees exchanges whose deadline is over, and those of streams on which nothing happens any more.
    record ExchangeSweep(ExchangeService service) {
        @Scheduled(fixedDelay = 10_000)
        void sweep() {
            service.forgetOver();
        }
    }
}
