package dev.postern.rotation.compromise;

import dev.postern.chassis.keys.KeyReports;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.rotation.directory.LedgerKeys;
import dev.postern.rotation.ledger.AuditLine;
import dev.postern.rotation.ledger.KeyLedger;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CompromiseProperties.class)
class CompromiseConfiguration {
    @Bean
    PendingCalls pendingCalls(CompromiseProperties properties, Clock clock, SecureRandom random) {
        return new PendingCalls(properties.approvalPatience(), clock, random);
    }

    @Bean
    Suspicions suspicions(
            KeyLedger ledger,
            CompromiseProperties properties,
            AuditLine audit,
            MeterRegistry registry,
            @Value("${postern.tokens.clock-skew}") Duration skew,
            @Value("${postern.tokens.directory-staleness}") Duration staleness,
            Clock clock) {
        return new Suspicions(ledger, properties.triggers(), audit, registry, skew, staleness, clock);
    }

    @Bean
    KeyReports ownReports(
            KeyLedger ledger,
            LedgerKeys keys,
            Suspicions suspicions,
            WorkloadIdentity identity,
            MeterRegistry registry,
            @Value("${postern.tokens.clock-skew}") Duration skew) {
        KeyReports reports = new KeyReports(
                        suspicions.heardBy(identity.current().spiffeId()),
                        Executors.newSingleThreadScheduledExecutor(
                                Thread.ofPlatform().daemon().name("key-reports").factory()),
                        System::nanoTime,
                        registry)
                .start();
        keys.onUse(new OwnSignatures(ledger, reports, skew));
        return reports;
    }

    @Bean
    DrillRules drillRules(KeyLedger ledger, CompromiseProperties properties) {
        return new DrillRules(ledger, properties.drills().interval());
    }

    @Bean
    DrillTimer drillTimer(
            KeyLedger ledger,
            DrillRules rules,
            CompromiseProperties properties,
            WorkloadIdentity identity,
            Clock clock) {
        return new DrillTimer(new Drills(
                ledger,
                rules,
                properties.drills(),
                identity.current().spiffeId().toString(),
                clock));
    }

    record DrillTimer(Drills drills) {
        @Scheduled(fixedDelay = 5_000)
        void tick() {
            drills.tick();
        }
    }
}
