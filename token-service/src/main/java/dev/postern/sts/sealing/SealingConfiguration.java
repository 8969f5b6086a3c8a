package dev.postern.sts.sealing;

import com.zaxxer.hikari.HikariDataSource;
import dev.postern.chassis.keys.GenerationKeys;
import dev.postern.chassis.keys.KeyOwner;
import dev.postern.chassis.keys.TendedKeys;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.Wrapped;
import dev.postern.kms.envelope.KeyRing;
import dev.postern.kms.envelope.KeyUse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SealingProperties.class)
class SealingConfiguration {
    /// A transaction that sealed something under the old key has ended by then, and every replica that hears the
    /// directory seals under the new one.
    private static final Duration GRACE = Duration.ofSeconds(10);

    /// Flyway finds it, as it finds the SQL files.
    @Bean
    SealingMigration sealingMigration(KeyManagement kms, SecureRandom random, Clock clock) {
        return new SealingMigration(kms, random, clock);
    }

    @Bean
    SealedOnlyMigration sealedOnlyMigration(KeyManagement kms, SecureRandom random, Clock clock) {
        return new SealedOnlyMigration(kms, random, clock);
    }

    @Bean
    PolicyScopeMigration policyScopeMigration(KeyManagement kms, SecureRandom random, Clock clock) {
        return new PolicyScopeMigration(kms, random, clock);
    }

    @Bean
    FlywayMigrationStrategy migrationStrategy(HikariDataSource database) {
        return flyway -> {
            flyway.migrate();
            new FormerPages(database).dropIfOwed();
        };
    }

    @Bean
    KeyRing registryKeyRing(KeyManagement kms, JdbcClient jdbc, SecureRandom random, Clock clock) {
        return RegistryKeys.open(kms, jdbc, random, clock);
    }

    @Bean
    RegistrySeal registrySeal(KeyRing keys, SecureRandom random) {
        return new RegistrySeal(keys, random);
    }

    @Bean(destroyMethod = "close")
    RegistryKeys registryKeys(
            KeyRing keys, RegistrySeal seal, JdbcClient jdbc, SealingProperties properties, Clock clock) {
        return new RegistryKeys(keys, seal, jdbc, properties.rotateAfter(), clock).start();
    }

    /// Lets the directory drive them.
    @Bean(destroyMethod = "close")
    TendedKeys registryRecordKeys(KeyOwner owner, RegistryKeys keys, Clock clock) {
        return new TendedKeys(
                owner,
                new GenerationKeys("vault-record", "registry-records", keys, GRACE, clock),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("registry-records").factory()));
    }

    @Bean
    Wrapped wrappedRecordKeys(KeyRing keys) {
        return keys.wrapped(KeyUse.RECORDS);
    }

    @Bean
    Wrapped wrappedIndexKeys(KeyRing keys) {
        return keys.wrapped(KeyUse.INDEX);
    }

    @Bean
    MeterBinder registryKeyMetrics(KeyRing keys) {
        return registry -> {
            Gauge.builder("postern.registry.key.generation", keys, ring -> ring.active(KeyUse.RECORDS))
                    .description("Generation of the data key that seals the registry")
                    .register(registry);
            Gauge.builder(
                            "postern.registry.keys",
                            keys,
                            ring -> ring.generations(KeyUse.RECORDS).size())
                    .description("Generations that still open something; 1 once all is sealed under the newest")
                    .register(registry);
        };
    }
}
