package dev.postern.sts.client;

import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Which entries of the bootstrap file were applied, and as what.
final class BootstrapRecord {

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;

    BootstrapRecord(JdbcClient jdbc, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    Set<String> clientIds() {
        return Set.copyOf(jdbc.sql("select client_id from bootstrap_client")
                .query((row, _) -> row.getString(1))
                .list());
    }

    Optional<String> digest(String clientId) {
        return jdbc.sql("select digest from bootstrap_client where client_id = ?")
                .param(clientId)
                .query((row, _) -> row.getString(1))
                .optional();
    }

    void remember(String clientId, String digest) {
        transactions.executeWithoutResult(_ -> {
            forget(clientId);
            jdbc.sql("insert into bootstrap_client (client_id, digest) values (?, ?)")
                    .param(clientId)
                    .param(digest)
                    .update();
        });
    }

    void forget(String clientId) {
        jdbc.sql("delete from bootstrap_client where client_id = ?")
                .param(clientId)
                .update();
    }
}
