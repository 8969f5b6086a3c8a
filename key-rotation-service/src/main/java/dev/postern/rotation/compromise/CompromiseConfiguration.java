package dev.postern.rotation.compromise;

import dev.postern.audit.AuditTrail;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.rotation.directory.LedgerKeys;
import dev.postern.rotation.ledger.AuditLine;
import dev.postern.rotation.ledger.KeyLedger;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
    AuditLine compromiseAudit(AuditTrail trail) {
        return trail::recordDurably;
    }

    @Bean
    Suspicions suspicions(
            KeyLedger ledger,
            CompromiseProperties properties,
            AuditLine compromiseAudit,
            MeterRegistry registry,
            @Value("${postern.tokens.clock-skew}") Duration skew,
            @Value("${postern.tokens.directory-staleness}") Duration staleness,
            Clock clock) {
        return new Suspicions(ledger, properties.triggers(), compromiseAudit, registry, skew, staleness, clock);
    }

    @Bean
    OwnSuspicions ownSuspicions(LedgerKeys keys, Suspicions suspicions, WorkloadIdentity identity) {
        // Under a flood some are as good as all.
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(64),
                Thread.ofPlatform().daemon().name("own-suspicions").factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        OwnSuspicions own = new OwnSuspicions(suspicions, identity.current().spiffeId(), thread);
        keys.onUse(own::signed);
        return own;
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
