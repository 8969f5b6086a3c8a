package dev.postern.auditing.index;

import dev.postern.auditing.epoch.IndexKey;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// The tables of one day, alike in every store: statements name them without saying where they are.
///
/// Entries lie in segments of 2^14 log positions, and each segment's terms lie together: a batch writes into one
/// segment, so that it costs the same however long the day was. Blocks of 2^10 tell when their events happened.
sealed interface DayTables permits DayFile, DaySchema {
    int SEGMENT_BITS = 14;
    int BLOCK_BITS = 10;

    /// Whether anything of this name is there.
    boolean exists() throws SQLException;

    /// Whether the day's tables are at fault, and not what was missing around them for a moment.
    boolean isAtFault(SQLException failure);

    /// Whether the store as a whole was not to be asked. Nothing is said of this day then, and nothing is removed.
    boolean isAway(SQLException failure);

    /// Whether what reads the day is kept from one question to the next.
    boolean isKeptOpen();

    /// For one thread at a time.
    Connection forWriting() throws SQLException;

    /// For one thread at a time, and for a question.
    Connection forReading() throws SQLException;

    /// For one thread at a time, to read everything row by row.
    Connection forComparing() throws SQLException;

    /// Has a connection that may be another day's see this one.
    void show(Connection connection) throws SQLException;

    /// Writes a row, by [PreparedStatement#executeBatch] at the latest.
    void put(PreparedStatement row) throws SQLException;

    /// New tables, in place of what is there.
    ///
    /// @param before  what was followed already and holds no event
    void create(IndexKey key, Stretch before) throws IOException, SQLException;

    /// Whether these are tables of ours, in this form, under this key.
    boolean isOurs(Connection connection, IndexKey key) throws SQLException;

    /// Whether all of it can be read, as far as the store can tell.
    boolean isWhole(Connection connection) throws SQLException;

    /// Takes the place of another day's tables in the same kind of store, which nobody has open.
    ///
    /// @return whether it did
    boolean moveTo(DayTables other) throws IOException;

    void delete() throws IOException;

    /// Notes whose a day is, and where it begins.
    static void begin(Connection connection, IndexKey key, Stretch before) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO followed VALUES (1, ?, ?, ?, ?)")) {
            insert.setBytes(1, mark(key));
            insert.setLong(2, before.from());
            insert.setLong(3, before.to());
            insert.setBytes(4, before.head().bytes());
            insert.executeUpdate();
        }
    }

    /// Whether a day was begun under this key.
    static boolean isMarked(Connection connection, IndexKey key) throws SQLException {
        try (PreparedStatement marked =
                connection.prepareStatement("SELECT 1 FROM followed WHERE mark = ? AND first <= next")) {
            marked.setBytes(1, mark(key));
            try (ResultSet rows = marked.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static byte[] mark(IndexKey key) {
        return key.tokens().token("check");
    }
}
