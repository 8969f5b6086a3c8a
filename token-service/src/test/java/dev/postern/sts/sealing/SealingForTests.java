package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
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

    public static SealingMigration migration() {
        return new SealingMigration(KEYS, RANDOM, Clock.systemUTC());
    }

    public static RegistrySeal seal(JdbcClient jdbc) {
        return new RegistrySeal(RegistryKeys.open(KEYS, jdbc, RANDOM, Clock.systemUTC()), RANDOM);
    }
}
