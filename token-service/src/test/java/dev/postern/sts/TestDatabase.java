package dev.postern.sts;

import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/// A fresh database in memory with the real schema.
public record TestDatabase(JdbcClient jdbc, TransactionOperations transactions) {

    public static TestDatabase create() {
        DataSource source =
                JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "postern", "");
        Flyway.configure().dataSource(source).load().migrate();
        return new TestDatabase(JdbcClient.create(source), new TransactionTemplate(new JdbcTransactionManager(source)));
    }
}
