package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagement;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Makes the sealing final: the database itself takes nothing plain any more.
///
/// A replica of a version that did not seal may have written on while [SealingMigration] ran, and after it. What it
/// wrote is found here and sealed: nobody writes meanwhile, the tables are locked. From then on a constraint of every
/// sealed column refuses it, whoever writes. It also owes an H2 file its compaction, for [FormerPages].
///
/// What an H2 file had before this migration failed half-way stays, since H2 commits with every change of a table; so
/// each step may be done twice.
public final class SealedOnlyMigration extends RegistryMigration {
    public SealedOnlyMigration(KeyManagement kms, SecureRandom random, Clock clock) {
        super("7", "sealed values only", kms, random, clock);
    }

    @Override
    void migrate(Connection connection, JdbcClient jdbc) throws SQLException {
        if (connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
            jdbc.sql("lock table " + tables() + " in access exclusive mode").update();
        }
        seal(jdbc);
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
