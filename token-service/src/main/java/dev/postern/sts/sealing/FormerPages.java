package dev.postern.sts.sealing;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/// Drops the pages of an H2 file that still hold what was there before the sealing: H2 writes a changed page elsewhere
/// and lets the old one lie.
///
/// Non-guarantee: what the file system, the disk or a backup kept of the old file. PostgreSQL's vacuum and log rotation
/// are its administrator's.
final class FormerPages {
    /// H2's error code for it.
    private static final int DATABASE_IS_CLOSED = 90121;

    private final HikariDataSource database;

    FormerPages(HikariDataSource database) {
        this.database = database;
    }

    void drop() {
        if (!database.getJdbcUrl().startsWith("jdbc:h2:file:")) {
            return;
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("shutdown compact");
        } catch (SQLException e) {
            if (e.getErrorCode() != DATABASE_IS_CLOSED) {
                throw new IllegalStateException("the registry's file could not be compacted after it was sealed", e);
            }
            // As it should be: the connection that shut it down finds it closed.
        } finally {
            // They lead to the database that was shut down; the next one opens the file again.
            database.getHikariPoolMXBean().softEvictConnections();
        }
    }
}
