package dev.postern.sts.revocation;

import dev.postern.audit.AuditTrail;
import dev.postern.sts.sealing.RegistrySeal;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class RevocationConfiguration {

    @Bean
    RevocationStore revocationStore(
            JdbcClient jdbc, PlatformTransactionManager transactions, RegistrySeal seal, Clock clock) {
        return new RevocationStore(jdbc, new TransactionTemplate(transactions), seal, clock);
    }

    @Bean
    Revocations revocations(
            RevocationStore store,
            Announcement announcement,
            AuditTrail trail,
            MeterRegistry metrics,
            SecureRandom random,
            Clock clock) {
        return new Revocations(store, announcement, trail, metrics, random, clock);
    }
}
