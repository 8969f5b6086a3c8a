package dev.postern.rotation.directory;

import dev.postern.audit.AuditTrail;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.rotation.ledger.KeyLedger;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/// Wires the ledger and lets its time pass.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(RotationProperties.class)
class DirectoryConfiguration {
    @Bean
    KeyMetrics keyMetrics(MeterRegistry registry) {
        return new KeyMetrics(registry);
    }

    @Bean
    KeyLedger keyLedger(
            @Value("${postern.data-directory}") Path data,
            RotationProperties properties,
            AuditTrail trail,
            KeyMetrics metrics,
            Clock clock) {
        KeyLedger ledger = new KeyLedger(
                data.resolve("key-ledger.json"),
                properties.tokenSigning().policy(),
                trail::recordDurably,
                metrics,
                clock);
        metrics.watch(ledger, clock);
        return ledger;
    }

    @Bean
    SignedDirectory signedDirectory(WorkloadIdentity identity, Clock clock) {
        return new SignedDirectory(identity, clock);
    }

    @Bean
    Ticker ticker(KeyLedger ledger) {
        return new Ticker(ledger);
    }

    record Ticker(KeyLedger ledger) {
        @Scheduled(fixedDelay = 250)
        void tick() {
            ledger.tick();
        }
    }
}
