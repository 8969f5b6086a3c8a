package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagement;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Adds the scope that redaction-service looks for before it shows or changes a tenant's policy. Descriptions are
/// sealed, so no SQL file can write one.
public final class PolicyScopeMigration extends RegistryMigration {
    private static final String NAME = "redaction:policies";

    public PolicyScopeMigration(KeyManagement kms, SecureRandom random, Clock clock) {
        super("8", "scope of redaction policies", kms, random, clock);
    }

    @Override
    void migrate(Connection connection, JdbcClient jdbc) {
        // An administrator may have named a scope so.
        int known = jdbc.sql("update scope set built_in = true where name = ?")
                .param(NAME)
                .update();
        if (known == 0) {
            jdbc.sql("insert into scope (name, description, built_in, version) values (?, ?, true, 1)")
                    .param(NAME)
                    .param(registry(jdbc)
                            .seal(
                                    SealedColumn.SCOPE_DESCRIPTION,
                                    NAME,
                                    "See, try and change the redaction policy of one's tenant."))
                    .update();
        }
    }
}
