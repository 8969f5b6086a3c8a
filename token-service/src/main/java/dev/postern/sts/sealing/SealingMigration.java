package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagement;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Seals what earlier versions wrote in the clear, once: from then on whatever is not sealed is not read.
public final class SealingMigration extends RegistryMigration {
    public SealingMigration(KeyManagement kms, SecureRandom random, Clock clock) {
        super("5", "seal stored values", kms, random, clock);
    }

    @Override
    void migrate(Connection connection, JdbcClient jdbc) {
        seal(jdbc);
    }
}
