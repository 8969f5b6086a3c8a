package dev.postern.auditing.index;

import dev.postern.auditing.epoch.Epoch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;

/// A day's index as it is at one moment, whatever is written into it meanwhile. For one thread at a time.
///
/// Not guaranteed: room on the disk. SQLite keeps everything that was written since, until this is closed.
final class DaySnapshot implements AutoCloseable {
    private final Epoch epoch;
    private final Optional<Connection> connection;

    private DaySnapshot(Epoch epoch, Optional<Connection> connection) {
        this.epoch = epoch;
        this.connection = connection;
    }

    /// Of what a connection sees now.
    static DaySnapshot of(Epoch epoch, Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        // A snapshot begins with the first row that is read, and not with the transaction.
        try (PreparedStatement first = connection.prepareStatement("SELECT next FROM followed")) {
            first.executeQuery().close();
        }
        return new DaySnapshot(epoch, Optional.of(connection));
    }

    /// Of what cannot be read.
    static DaySnapshot unreadable(Epoch epoch) {
        return new DaySnapshot(epoch, Optional.empty());
    }

    Epoch epoch() {
        return epoch;
    }

    /// To read from; none where that cannot be.
    Optional<Connection> connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        if (connection.isPresent()) {
            connection.get().close();
        }
    }
}
