package dev.postern.sts.containment;

import dev.postern.audit.AuditTrail;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.revocation.Revocations;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class ContainmentConfiguration {

    @Bean
    Containments containments(
            JdbcClient jdbc,
            Revocations revocations,
            ClientRegistry clients,
            AuditTrail trail,
            MeterRegistry metrics,
            PlatformTransactionManager transactions,
            Clock clock) {
        return new Containments(
                new Incidents(jdbc, clock),
                revocations,
                clients,
                new TransactionTemplate(transactions),
                trail,
                metrics,
                clock);
    }
}
