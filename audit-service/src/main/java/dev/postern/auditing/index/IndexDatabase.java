package dev.postern.auditing.index;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.AutoSave;

/// Connections to a PostgreSQL.
///
/// Questions share a bounded number of them and wait for one, or for the database, for two seconds at most. Who writes
/// or compares has one apart, so that questions do not hold up the index. For any thread.
final class IndexDatabase implements AutoCloseable {
    private static final String APPLICATION = "audit-service";
    private static final int CONNECT_SECONDS = 3;
    /// Longer than counting a day takes.
    private static final int ANSWER_SECONDS = 30;
    /// Until the first row of a day that has to be sorted.
    private static final int COMPARE_SECONDS = 120;
    private static final long PATIENCE_MILLIS = 2_000;
    private static final int FETCHED_ROWS = 4_096;
    /// For so long a removal waits for who reads the day.
    private static final String LOCK = "SET lock_timeout = 1000";

    /// Whatever the server's own setting is.
    private static final String DURABLE = "SET synchronous_commit = on";

    private final IndexProperties properties;
    private final HikariDataSource questions;

    IndexDatabase(IndexProperties properties) {
        this.properties = properties;
        HikariConfig config = new HikariConfig();
        config.setPoolName("audit-index");
        config.setJdbcUrl(properties.url());
        config.setCredentialsProvider(() -> {
            try {
                return new Credentials(properties.user(), password());
            } catch (SQLException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        });
        config.setMaximumPoolSize(properties.connections());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(PATIENCE_MILLIS);
        config.setValidationTimeout(PATIENCE_MILLIS);
        // What the start needs is asked for apart.
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
        config.addDataSourceProperty("socketTimeout", String.valueOf(ANSWER_SECONDS));
        config.addDataSourceProperty("ApplicationName", APPLICATION);
        this.questions = new HikariDataSource(config);
    }

    private String password() throws SQLException {
        Path file = properties.passwordFile();
        if (file == null) {
            return "";
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new SQLException("postern.audit-log.index.password-file cannot be read: " + file, e);
        }
    }

    /// For one question.
    Connection forQuestion(String schema) throws SQLException {
        Connection connection = questions.getConnection();
        try {
            connection.setSchema(schema);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /// To write with, many rows at once.
    Connection forWriting(String schema) throws SQLException {
        PGSimpleDataSource source = apart(ANSWER_SECONDS);
        source.setReWriteBatchedInserts(true);
        Connection connection = locking(source.getConnection());
        try (Statement statement = connection.createStatement()) {
            statement.execute(DURABLE);
            connection.setSchema(schema);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /// To make and remove schemas with.
    Connection forSchemas() throws SQLException {
        return locking(apart(ANSWER_SECONDS).getConnection());
    }

    private static Connection locking(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /// To read everything with, as it was at its first statement; a statement that fails ends nothing but itself.
    Connection forComparing() throws SQLException {
        PGSimpleDataSource source = apart(COMPARE_SECONDS);
        source.setDefaultRowFetchSize(FETCHED_ROWS);
        source.setAutosave(AutoSave.ALWAYS);
        Connection connection = source.getConnection();
        try {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private PGSimpleDataSource apart(int seconds) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(properties.url());
        source.setUser(properties.user());
        source.setPassword(password());
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setSocketTimeout(seconds);
        source.setTcpKeepAlive(true);
        source.setApplicationName(APPLICATION);
        return source;
    }

    /// Asks whether it can be used.
    ///
    /// @throws IOException when not, with a sentence that says what to do
    void check() throws IOException {
        boolean may;
        try (Connection connection = forSchemas();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT has_database_privilege(current_database(), 'CREATE')")) {
            may = row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            throw new IOException(
                    "the database of postern.audit-log.index.url does not answer (" + e.getMessage()
                            + "): start it, or correct postern.audit-log.index.url, .user and .password-file",
                    e);
        }
        if (!may) {
            throw new IOException("the role of postern.audit-log.index.user may not create schemas in the database:"
                    + " GRANT CREATE ON DATABASE … TO it");
        }
    }

    @Override
    public void close() {
        questions.close();
    }
}
