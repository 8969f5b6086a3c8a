package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.envelope.KeyRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import org.flywaydb.core.api.migration.JavaMigration;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Real keys for databases of tests: one keyset for the whole run, as opening one takes a while on purpose.
public final class SealingForTests {
    private static final SecureRandom RANDOM = new SecureRandom();
    static final KeyManagement KEYS = open();

    private SealingForTests() {}

    private static KeyManagement open() {
        try {
            return LocalKeyManagement.open(
                    Files.createTempDirectory("keyset").resolve("keyset.json"),
                    Passphrase.of("only for this test run".toCharArray()),
                    RANDOM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JavaMigration[] migrations() {
        Clock clock = Clock.systemUTC();
        return new JavaMigration[] {
            new SealingMigration(KEYS, RANDOM, clock),
            new SealedOnlyMigration(KEYS, RANDOM, clock),
            new PolicyScopeMigration(KEYS, RANDOM, clock)
        };
    }

    /// Gives a service's registry keys a clock of their own, so that a test can let them grow old.
    public static BeanPostProcessor keysBy(Clock clock, BeanFactory beans) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof KeyRing
                        ? RegistryKeys.open(
                                beans.getBean(KeyManagement.class), beans.getBean(JdbcClient.class), RANDOM, clock)
                        : bean;
            }
        };
    }

    public static RegistrySeal seal(JdbcClient jdbc) {
        return new RegistrySeal(RegistryKeys.open(KEYS, jdbc, RANDOM, Clock.systemUTC()), RANDOM);
    }
}
