package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagement;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// Makes the sealing final: the database itself takes nothing plain any more.
///
/// A replica of a version that did not seal may have written on while [SealingMigration] ran, and after it. What it
/// wrote is found here and sealed: nobody writes meanwhile, the tables are locked. From then on a constraint of every
/// sealed column refuses it, whoever writes. It also owes an H2 file its compaction, for [FormerPages].
///
/// What an H2 file had before this migration failed half-way stays, since H2 commits with every change of a table; so
/// each step may be done twice.
public final class SealedOnlyMigration implements JavaMigration {
    private final KeyManagement kms;
    private final SecureRandom random;
    private final Clock clock;

    public SealedOnlyMigration(KeyManagement kms, SecureRandom random, Clock clock) {
        this.kms = kms;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("7");
    }

    @Override
    public String getDescription() {
        return "sealed values only";
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
        if (context.getConnection().getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
            jdbc.sql("lock table " + tables() + " in access exclusive mode").update();
        }
        new PlainValues(jdbc, new RegistrySeal(RegistryKeys.open(kms, jdbc, random, clock), random)).seal();
        for (SealedColumn column : SealedColumn.values()) {
            String constraint = column.table() + "_" + column.column() + "_sealed";
            jdbc.sql("alter table %s drop constraint if exists %s".formatted(column.table(), constraint))
                    .update();
            jdbc.sql("alter table %s add constraint %s check (%s like '%s%%')"
                            .formatted(column.table(), constraint, column.column(), PlainValues.SEALED))
                    .update();
        }
        FormerPages.owe(jdbc);
    }

    private static String tables() {
        return Arrays.stream(SealedColumn.values())
                .map(SealedColumn::table)
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
