package dev.postern.auditing.index;

import dev.postern.auditing.epoch.IndexKey;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// One day's schema in a PostgreSQL.
///
/// It is found by each connection's search path, so its tables have the names they have in a file. A commit is on the
/// database's disk, as the service goes on from what it committed.
///
/// @param name  of the schema; small letters, digits and `_`
record DaySchema(IndexDatabase database, String name) implements DayTables {
    // SQLSTATE: appendix A of the PostgreSQL documentation.
    private static final String NOT_ALLOWED = "42501";
    private static final String NO_SCHEMA = "3F000";
    private static final String DATA_CORRUPTED = "XX001";
    private static final String INDEX_CORRUPTED = "XX002";
    private static final String WRONG_STATEMENT = "42";
    private static final String WRONG_ROW = "23";

    private static final String FORM = "postern audit index 1";

    private static final List<String> TABLES = List.of(
            "CREATE TABLE followed (\"only\" bigint PRIMARY KEY CHECK (\"only\" = 1), mark bytea NOT NULL,"
                    + " first bigint NOT NULL, next bigint NOT NULL, head bytea NOT NULL)",
            "CREATE TABLE entry (pos bigint PRIMARY KEY, time bigint NOT NULL)",
            "CREATE TABLE segment (id bigint PRIMARY KEY)",
            "CREATE TABLE term (segment bigint NOT NULL, token bytea NOT NULL, pos bigint NOT NULL,"
                    + " PRIMARY KEY (segment, token, pos))",
            "CREATE TABLE number (producer bytea NOT NULL, number bigint NOT NULL, tag bigint NOT NULL,"
                    + " pos bigint NOT NULL, PRIMARY KEY (producer, number, tag))",
            "CREATE TABLE block (id bigint PRIMARY KEY, first bigint NOT NULL, last bigint NOT NULL,"
                    + " earliest bigint NOT NULL, latest bigint NOT NULL)");

    @Override
    public boolean exists() throws SQLException {
        try (Connection connection = database.forQuestion(name)) {
            return isThere(connection);
        }
    }

    private boolean isThere(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?")) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    /// Tables that are missing, of another form, or found corrupt. Anything else, a lost connection first of all, says
    /// nothing of them.
    @Override
    public boolean isAtFault(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return switch (state) {
            case NOT_ALLOWED -> false;
            case NO_SCHEMA, DATA_CORRUPTED, INDEX_CORRUPTED -> true;
            default -> state.startsWith(WRONG_STATEMENT) || state.startsWith(WRONG_ROW);
        };
    }

    @Override
    public boolean isAway(SQLException failure) {
        return !isAtFault(failure);
    }

    /// There are fewer connections than days.
    @Override
    public boolean isKeptOpen() {
        return false;
    }

    @Override
    public Connection forWriting() throws SQLException {
        return database.forWriting(name);
    }

    @Override
    public Connection forReading() throws SQLException {
        return database.forQuestion(name);
    }

    @Override
    public Connection forComparing() throws SQLException {
        Connection connection = database.forComparing();
        try {
            show(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void show(Connection connection) throws SQLException {
        connection.setSchema(name);
    }

    @Override
    public void put(PreparedStatement row) throws SQLException {
        row.addBatch();
    }

    @Override
    public void create(IndexKey key, Stretch before) throws SQLException {
        try (Connection connection = database.forWriting(name)) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(drop(name));
                statement.execute("CREATE SCHEMA " + name);
                statement.execute("COMMENT ON SCHEMA " + name + " IS '" + FORM + "'");
                for (String sql : TABLES) {
                    statement.execute(sql);
                }
            }
            DayTables.begin(connection, key, before);
            connection.commit();
        }
    }

    private static String drop(String schema) {
        return "DROP SCHEMA IF EXISTS " + schema + " CASCADE";
    }

    @Override
    public boolean isOurs(Connection connection, IndexKey key) throws SQLException {
        try (PreparedStatement form =
                connection.prepareStatement("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?"
                        + " AND obj_description(oid, 'pg_namespace') = ?")) {
            form.setString(1, name);
            form.setString(2, FORM);
            try (ResultSet rows = form.executeQuery()) {
                return rows.next() && DayTables.isMarked(connection, key);
            }
        }
    }

    /// The database answers for its own pages: have it use data checksums.
    @Override
    public boolean isWhole(Connection connection) {
        return true;
    }

    @Override
    public boolean moveTo(DayTables other) throws IOException {
        if (!(other instanceof DaySchema place)) {
            throw new IllegalArgumentException("a schema takes the place of a schema");
        }
        try (Connection connection = database.forSchemas()) {
            if (!isThere(connection)) {
                return false;
            }
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(drop(place.name));
                statement.execute("ALTER SCHEMA " + name + " RENAME TO " + place.name);
            }
            connection.commit();
            return true;
        } catch (SQLException e) {
            throw new IOException("the schema " + name + " cannot take the place of " + place, e);
        }
    }

    @Override
    public void delete() throws IOException {
        try (Connection connection = database.forSchemas();
                Statement statement = connection.createStatement()) {
            statement.execute(drop(name));
        } catch (SQLException e) {
            throw new IOException("the schema " + name + " of the audit index cannot be dropped", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
