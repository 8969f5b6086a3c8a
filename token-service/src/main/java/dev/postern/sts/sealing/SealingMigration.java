package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagement;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// Seals what earlier versions wrote in the clear, once: from then on whatever is not sealed is not read.
public final class SealingMigration implements JavaMigration {
    private final KeyManagement kms;
    private final SecureRandom random;
    private final Clock clock;

    public SealingMigration(KeyManagement kms, SecureRandom random, Clock clock) {
        this.kms = kms;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("5");
    }

    @Override
    public String getDescription() {
        return "seal stored values";
    }

    @Override
    public Integer getChecksum() {
        return 1;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(context.getConnection(), true));
        RegistrySeal seal = new RegistrySeal(RegistryKeys.open(kms, jdbc, random, clock), random);
        new PlainValues(jdbc, seal).seal();
    }
}
