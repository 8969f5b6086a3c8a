package dev.postern.auditing.bench;

import dev.postern.auditing.bench.QueryBench.Reference;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// SQLite with nothing around it: what no question can be cheaper than.
final class PlainSqlite {
    private static final int VALUE = 64;

    private PlainSqlite() {}

    /// Looks rows up by their primary key, each with a statement that is prepared already.
    static Reference lookups(Path file, long rows, int count, SecureRandom random) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, value BLOB NOT NULL)");
            }
            fill(connection, rows);
            Timings timings = new Timings(count);
            try (PreparedStatement lookup = connection.prepareStatement("SELECT value FROM plain WHERE id = ?")) {
                for (int i = 0; i < count; i++) {
                    long began = System.nanoTime();
                    lookup.setLong(1, random.nextLong(1, rows + 1));
                    try (ResultSet found = lookup.executeQuery()) {
                        if (!found.next() || found.getBytes(1).length != VALUE) {
                            throw new SQLException("a row is missing");
                        }
                    }
                    timings.add(System.nanoTime() - began);
                }
            }
            return new Reference(rows, timings.micros(0.5), timings.micros(0.99));
        }
    }

    private static void fill(Connection connection, long rows) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO plain VALUES (?, ?)")) {
            byte[] value = new byte[VALUE];
            for (long id = 1; id <= rows; id++) {
                insert.setLong(1, id);
                insert.setBytes(2, value);
                insert.executeUpdate();
            }
        }
        connection.commit();
    }
}
