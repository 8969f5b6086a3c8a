package dev.postern.sts.sealing;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Drops the pages of an H2 file that still hold what was there before the sealing: H2 writes a changed page elsewhere
/// and lets the old one lie. What is owed is remembered in the database until it was done, whatever comes between.
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

    /// Has whoever opens the database next drop them.
    static void owe(JdbcClient jdbc) {
        jdbc.sql("create table if not exists former_pages (owed_since timestamp(3) with time zone not null)")
                .update();
        jdbc.sql("insert into former_pages (owed_since) values (current_timestamp)")
                .update();
    }

    /// Drops them if that is owed. A process that dies in between does it once more.
    void dropIfOwed() {
        JdbcClient jdbc = JdbcClient.create(database);
        if (jdbc.sql("select count(*) from former_pages").query(Long.class).single() > 0) {
            if (database.getJdbcUrl().startsWith("jdbc:h2:file:")) {
                drop();
            }
            jdbc.sql("delete from former_pages").update();
        }
    }

    private void drop() {
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
