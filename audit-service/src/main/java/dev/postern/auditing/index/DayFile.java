package dev.postern.auditing.index;

import dev.postern.auditing.epoch.IndexKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/// The SQLite file of one day.
///
/// The log is synced and this is not, beyond what SQLite needs to stay whole (write-ahead log,
/// `synchronous=NORMAL`): what a loss of power takes is followed again from the cursor that lies in the same file.
///
/// @param busy  for so long a lock that somebody else has is waited for
record DayFile(Path path, Duration busy) implements DayTables {
    private static final int APPLICATION = 0x50414958;
    private static final int VERSION = 1;
    private static final int WRITER_CACHE_KIB = 16 << 10;
    private static final int READER_CACHE_KIB = 2 << 10;
    private static final int CHECKPOINT_PAGES = 8192;
    private static final String WAL = "-wal";

    private static final List<String> SCHEMA = List.of(
            "PRAGMA application_id = " + APPLICATION,
            "PRAGMA user_version = " + VERSION,
            "CREATE TABLE followed (only INTEGER PRIMARY KEY CHECK (only = 1), mark BLOB NOT NULL,"
                    + " first INTEGER NOT NULL, next INTEGER NOT NULL, head BLOB NOT NULL)",
            "CREATE TABLE entry (pos INTEGER PRIMARY KEY, time INTEGER NOT NULL)",
            "CREATE TABLE segment (id INTEGER PRIMARY KEY)",
            "CREATE TABLE term (segment INTEGER NOT NULL, token BLOB NOT NULL, pos INTEGER NOT NULL,"
                    + " PRIMARY KEY (segment, token, pos)) WITHOUT ROWID",
            "CREATE TABLE number (producer BLOB NOT NULL, number INTEGER NOT NULL, tag INTEGER NOT NULL,"
                    + " pos INTEGER NOT NULL, PRIMARY KEY (producer, number, tag)) WITHOUT ROWID",
            "CREATE TABLE block (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,"
                    + " earliest INTEGER NOT NULL, latest INTEGER NOT NULL)");

    @Override
    public boolean exists() {
        return Files.isRegularFile(path);
    }

    /// Not for memory, room, descriptors, a lock.
    @Override
    public boolean isAtFault(SQLException failure) {
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(failure.getErrorCode());
        return switch (code) {
            case SQLITE_BUSY,
                    SQLITE_LOCKED,
                    SQLITE_NOMEM,
                    SQLITE_FULL,
                    SQLITE_INTERRUPT,
                    SQLITE_PERM,
                    SQLITE_READONLY -> false;
            case SQLITE_CANTOPEN -> !Files.isRegularFile(path);
            default -> true;
        };
    }

    /// Never: there is nothing but the file.
    @Override
    public boolean isAway(SQLException failure) {
        return false;
    }

    @Override
    public boolean isKeptOpen() {
        return true;
    }

    /// With room for the segment that is being written.
    @Override
    public Connection forWriting() throws SQLException {
        return connect(WRITER_CACHE_KIB);
    }

    @Override
    public Connection forReading() throws SQLException {
        return connect(READER_CACHE_KIB);
    }

    @Override
    public Connection forComparing() throws SQLException {
        return forReading();
    }

    @Override
    public void show(Connection connection) {
        // A connection is one file's.
    }

    @Override
    public void put(PreparedStatement row) throws SQLException {
        row.executeUpdate();
    }

    private Connection connect(int cacheKib) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setCacheSize(-cacheKib);
        config.setBusyTimeout(Math.toIntExact(busy.toMillis()));
        Connection connection = config.createConnection("jdbc:sqlite:" + path);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void create(IndexKey key, Stretch before) throws IOException, SQLException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        delete();
        try (Connection connection = forWriting()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                for (String sql : SCHEMA) {
                    statement.execute(sql);
                }
            }
            DayTables.begin(connection, key, before);
            connection.commit();
        }
    }

    @Override
    public boolean isOurs(Connection connection, IndexKey key) throws SQLException {
        return single(connection, "PRAGMA application_id") == APPLICATION
                && single(connection, "PRAGMA user_version") == VERSION
                && DayTables.isMarked(connection, key);
    }

    /// Reads the whole file.
    @Override
    public boolean isWhole(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
            return rows.next() && "ok".equals(rows.getString(1));
        }
    }

    private static long single(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /// Not while part of it lies in a write-ahead log still.
    @Override
    public boolean moveTo(DayTables other) throws IOException {
        if (!(other instanceof DayFile place)) {
            throw new IllegalArgumentException("a file takes the place of a file");
        }
        Path wal = Path.of(path + WAL);
        if (!Files.exists(path) || (Files.exists(wal) && Files.size(wal) > 0)) {
            return false;
        }
        other.delete();
        Files.move(path, place.path, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    @Override
    public void delete() throws IOException {
        for (String suffix : List.of("", WAL, "-shm", "-journal")) {
            Files.deleteIfExists(Path.of(path + suffix));
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
