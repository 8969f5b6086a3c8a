package dev.postern.gateway.exchange;

import dev.postern.audit.AuditTrail;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ExchangeConfiguration {

    @Bean
    RequestBooks requestBooks(
            ApplicationContext edge, SecureRandom random, MeterRegistry meters, AuditTrail auditTrail) {
        return new RequestBooks(edge, random, new RequestMeters(meters), new RejectionAudit(auditTrail));
    }
}
