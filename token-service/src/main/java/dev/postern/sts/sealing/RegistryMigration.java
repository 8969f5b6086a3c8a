package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagement;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// A step of the database's history that needs the registry's keys, in one transaction where the database has them.
abstract class RegistryMigration implements JavaMigration {
    private final String version;
    private final String description;
    private final KeyManagement kms;
    private final SecureRandom random;
    private final Clock clock;

    RegistryMigration(String version, String description, KeyManagement kms, SecureRandom random, Clock clock) {
        this.version = version;
        this.description = description;
        this.kms = kms;
        this.random = random;
        this.clock = clock;
    }

    /// @param connection of `jdbc`
    abstract void migrate(Connection connection, JdbcClient jdbc) throws SQLException;

    /// Seals whatever lies in the clear.
    final void seal(JdbcClient jdbc) {
        new PlainValues(jdbc, registry(jdbc)).seal();
    }

    final RegistrySeal registry(JdbcClient jdbc) {
        return new RegistrySeal(RegistryKeys.open(kms, jdbc, random, clock), random);
    }

    @Override
    public final void migrate(Context context) throws SQLException {
        Connection connection = context.getConnection();
        migrate(connection, JdbcClient.create(new SingleConnectionDataSource(connection, true)));
    }

    @Override
    public final MigrationVersion getVersion() {
        return MigrationVersion.fromVersion(version);
    }

    @Override
    public final String getDescription() {
        return description;
    }

    @Override
    public final Integer getChecksum() {
        return 1;
    }

    @Override
    public final boolean canExecuteInTransaction() {
        return true;
    }
}
