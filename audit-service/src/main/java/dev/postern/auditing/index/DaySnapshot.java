package dev.postern.auditing.index;

import dev.postern.auditing.epoch.Epoch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;

/// A day's index as it is at one moment, whatever is written into it meanwhile; part of an [IndexSnapshot]. For one
/// thread at a time.
final class DaySnapshot {
    private final Epoch epoch;
    private final Optional<DayTables> tables;
    private final Optional<Connection> connection;

    private DaySnapshot(Epoch epoch, Optional<DayTables> tables, Optional<Connection> connection) {
        this.epoch = epoch;
        this.tables = tables;
        this.connection = connection;
    }

    /// Of what a connection sees now.
    ///
    /// @param connection  may be other days' as well; the caller's to close
    static DaySnapshot of(Epoch epoch, DayTables tables, Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        tables.show(connection);
        // A snapshot begins with the first row that is read, and not with the transaction.
        try (PreparedStatement first = connection.prepareStatement("SELECT next FROM followed")) {
            first.executeQuery().close();
        }
        return new DaySnapshot(epoch, Optional.of(tables), Optional.of(connection));
    }

    /// Of what cannot be read.
    static DaySnapshot unreadable(Epoch epoch) {
        return new DaySnapshot(epoch, Optional.empty(), Optional.empty());
    }

    Epoch epoch() {
        return epoch;
    }

    /// To read from until another day is asked for; none where that cannot be.
    Optional<Connection> connection() throws SQLException {
        if (tables.isPresent() && connection.isPresent()) {
            tables.get().show(connection.get());
        }
        return connection;
    }

    /// Whether a failure is this day's own, and not that of what was missing around it for a moment.
    boolean isAtFault(SQLException failure) {
        return tables.isEmpty() || tables.get().isAtFault(failure);
    }
}
