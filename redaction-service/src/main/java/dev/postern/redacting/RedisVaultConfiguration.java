package dev.postern.redacting;

import dev.postern.chassis.keys.GenerationKeys;
import dev.postern.chassis.keys.KeyOwner;
import dev.postern.chassis.keys.TendedKeys;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.Wrapped;
import dev.postern.kms.WrappedSets;
import dev.postern.kms.envelope.KeyRing;
import dev.postern.kms.envelope.KeyUse;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.RedisVault;
import dev.postern.redis.RedisLink;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.scheduling.annotation.Scheduled;

/// Conversations in Redis, in the place of those in memory.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "postern.redaction.vault", havingValue = "redis")
class RedisVaultConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(RedisVaultConfiguration.class);

    /// A key that was sealed under the old one is in Redis by then, and every replica that hears the directory seals
    /// under the new one.
    private static final Duration GRACE = Duration.ofSeconds(10);

    @Bean
    KeyRing vaultKeyRing(KeyManagement kms, WrappedSets sets, SecureRandom random, Clock clock) {
        return VaultKeys.open(kms, sets, random, clock);
    }

    @Bean
    @Primary
    RedisVault redisVault(
            ConversationVault roots,
            RedisLink redis,
            KeyRing keys,
            RedactionProperties properties,
            SecureRandom random,
            MeterRegistry registry,
            Clock clock) {
        return new RedisVault(roots, redis, keys, properties.vaultSettings(), random, registry, clock);
    }

    @Bean
    HealthIndicator pseudonymVaultHealthIndicator(RedisLink redis, KeyRing keys) {
        return new PseudonymVaultHealth(redis, keys);
    }

    @Bean
    VaultKeys vaultKeys(KeyRing keys, RedisVault vault) {
        return new VaultKeys(keys, vault);
    }

    /// Lets the directory drive them.
    @Bean(destroyMethod = "close")
    @ConditionalOnProperty(name = "postern.tokens.follow-directory", matchIfMissing = true)
    TendedKeys vaultRecordKeys(KeyOwner owner, VaultKeys keys, Clock clock) {
        return new TendedKeys(
                owner,
                new GenerationKeys("vault-record", "pseudonym-records", keys, GRACE, clock),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("pseudonym-records").factory()));
    }

    @Bean
    Wrapped wrappedVaultRecordKeys(KeyRing keys) {
        return keys.wrapped(KeyUse.RECORDS);
    }

    @Bean
    Wrapped wrappedVaultIndexKeys(KeyRing keys) {
        return keys.wrapped(KeyUse.INDEX);
    }

    @Bean
    VaultKeyCare vaultKeyCare(VaultKeys keys) {
        return new VaultKeyCare(keys);
    }

    /// Well before the keys are stale ([KeyRing#SEALS_FOR]).
    record VaultKeyCare(VaultKeys keys) {
        @Scheduled(initialDelay = 10, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
        void tend() {
            try {
                keys.tend();
            } catch (RuntimeException e) {
                // Key management is away: the keys in memory go on, for a while.
                LOG.warn(
                        "the data keys of the vault of pseudonyms could not be looked after: {}",
                        e.getClass().getSimpleName());
            }
        }
    }
}
