package dev.postern.rotation.directory;

import dev.postern.audit.AuditTrail;
import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.chassis.keys.KeyOwner;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.RedisLink;
import dev.postern.redis.SingleUse;
import dev.postern.rotation.leadership.LeaseLeadership;
import dev.postern.rotation.ledger.AuditLine;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.ledger.Leadership;
import dev.postern.rotation.ledger.LedgerSettings;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DpopNonces;
import dev.postern.token.TokenUse;
import dev.postern.token.TrustState;
import dev.postern.token.VerifierSettings;
import dev.postern.trust.Publication;
import dev.postern.trust.TrustPublisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
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

    /// One process decides without asking anybody, unless several are said to share the ledger.
    @Bean(destroyMethod = "close")
    @ConditionalOnProperty(name = "postern.rotation.election", havingValue = "lease")
    LeaseLeadership leaseLeadership(RedisLink redis, RotationProperties properties) {
        return new LeaseLeadership(
                redis,
                UUID.randomUUID().toString(),
                properties.lease(),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("key-lease").factory()));
    }

    /// On which everything about keys goes, the ledger's own moves and what they are answers to.
    @Bean
    AuditLine keyAudit(AuditTrail trail) {
        return trail::recordDurably;
    }

    @Bean
    KeyLedger keyLedger(
            @Value("${postern.data-directory}") Path data,
            @Value("${postern.ca.certificate-ttl}") Duration certificateTtl,
            ObjectProvider<LeaseLeadership> lease,
            RotationProperties properties,
            AuditLine audit,
            KeyMetrics metrics,
            Clock clock) {
        LeaseLeadership elected = lease.getIfAvailable();
        KeyLedger ledger = new KeyLedger(
                data.resolve("key-ledger.json"),
                elected == null ? Leadership.alone() : elected,
                new LedgerSettings(
                        properties.schedule(certificateTtl), properties.dryRun(), properties.reportPatience()),
                audit,
                metrics,
                clock);
        if (elected != null) {
            elected.start();
        }
        metrics.watch(ledger, clock);
        return ledger;
    }

    @Bean
    LedgerHealth keyLedgerHealthIndicator(KeyLedger ledger) {
        return new LedgerHealth(ledger);
    }

    @Bean
    SignedDirectory signedDirectory(WorkloadIdentity identity, Clock clock) {
        return new SignedDirectory(identity, clock);
    }

    /// Tells followers of the trust feed at once what the directory will say at their next poll.
    @Bean(destroyMethod = "close")
    TrustPublisher keyStatePublisher(KeyLedger ledger, WorkloadIdentity identity, RedisLink redis, Clock clock) {
        LedgerTrust trust = new LedgerTrust(ledger);
        TrustPublisher publisher = TrustPublisher.start(trust, identity, redis, clock);
        ledger.onChange(ring -> {
            var _ = publisher.publish(List.of(LedgerTrust.states(ring))).thenAccept(publication -> {
                if (publication == Publication.ON_FEED) {
                    ledger.published(ring.version());
                }
            });
        });
        return publisher;
    }

    @Bean
    LedgerKeys ledgerKeys(KeyLedger ledger) {
        return new LedgerKeys(ledger);
    }

    @Bean
    RotationAccess rotationAccess(
            LedgerKeys keys,
            RotationProperties properties,
            @Value("${postern.tokens.issuer}") URI issuer,
            @Value("${postern.tokens.clock-skew}") Duration skew,
            @Value("${postern.endpoints.rotation}") URI publicUrl,
            PeerIdentities peers,
            TrustState trust,
            SingleUse used,
            DpopNonces nonces,
            AuditTrail trail,
            MeterRegistry meters,
            Clock clock) {
        AccessTokenVerifier verifier = new AccessTokenVerifier(
                new VerifierSettings(issuer.toString(), RotationAccess.AUDIENCE, Set.of(TokenUse.ADMIN), skew),
                keys,
                trust,
                clock);
        AccessTokens tokens = new AccessTokens(verifier, publicUrl, used, nonces, meters, clock);
        return new RotationAccess(peers, properties.operators(), tokens, event -> {
            var _ = trail.record(event);
        });
    }

    @Bean
    OwnKeys ownKeys(KeyLedger ledger, WorkloadIdentity identity) {
        return new OwnKeys(
                ledger, identity.current().spiffeId(), UUID.randomUUID().toString());
    }

    /// In the place of the one that follows the directory.
    @Bean(destroyMethod = "close")
    KeyOwner keyOwner(OwnKeys own, WorkloadIdentity identity, Clock clock) {
        return new KeyOwner(
                identity.current().spiffeId(),
                own,
                own,
                clock,
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("owned-keys").factory()));
    }

    @Bean
    Ticker ticker(KeyLedger ledger, OwnKeys own) {
        return new Ticker(ledger, own);
    }

    record Ticker(KeyLedger ledger, OwnKeys own) {
        @Scheduled(fixedDelay = 250)
        void tick() {
            ledger.tick();
            own.poll();
        }
    }
}
