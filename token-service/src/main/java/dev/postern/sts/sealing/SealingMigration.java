package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagement;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// Seals what earlier versions wrote in the clear, once: from then on whatever is not sealed is refused.
public final class SealingMigration implements JavaMigration {
    public static final MigrationVersion VERSION = MigrationVersion.fromVersion("5");

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
        return VERSION;
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
        // Read before the actor is sealed.
        var actors = seal.index(SealedColumn.REVOCATION_ACTOR);
        jdbc.sql("select id, actor from revocation")
                .query((row, _) -> new String[] {row.getString(1), row.getString(2)})
                .list()
                .forEach(row -> jdbc.sql("update revocation set actor_index = ? where id = ?")
                        .param(actors.of(row[1]))
                        .param(row[0])
                        .update());
        // Their digests were not keyed; a repeat within a day of this migration counts as new.
        jdbc.sql("delete from idempotency").update();
        for (SealedColumn column : SealedColumn.values()) {
            new SealedRows(jdbc, column).change((row, plain) -> Optional.of(seal.seal(column, row, plain)));
        }
    }
}
