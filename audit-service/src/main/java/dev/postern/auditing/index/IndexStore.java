package dev.postern.auditing.index;

import dev.postern.auditing.epoch.Epoch;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// Where the days of an index are kept: each by itself, so that it can be removed at once.
///
/// Shared by an index and by what is rebuilt beside it; closed after both.
public abstract sealed class IndexStore implements AutoCloseable permits DayFiles, DaySchemas {
    private static final System.Logger LOG = System.getLogger(IndexStore.class.getName());
    private static final Duration BUSY = Duration.ofSeconds(5);

    IndexStore() {}

    /// What the configuration says.
    ///
    /// @param directory  of the files, if they are files
    /// @throws IOException when it cannot be used, with a sentence that says why
    public static IndexStore open(IndexProperties properties, Path directory) throws IOException {
        return switch (properties.kind()) {
            case SQLITE -> files(directory);
            case POSTGRESQL -> DaySchemas.open(properties);
        };
    }

    /// SQLite files in a directory.
    public static IndexStore files(Path directory) {
        return files(directory, BUSY);
    }

    /// SQLite files in a directory.
    ///
    /// @param busy  for so long a lock that somebody else has is waited for
    static IndexStore files(Path directory, Duration busy) {
        return new DayFiles(directory, busy);
    }

    /// The tables of a day, which may be there or not.
    abstract DayTables day(Epoch epoch);

    /// The days that are there, oldest first.
    abstract List<Epoch> days() throws IOException;

    /// Room for another index beside this one, in the same place.
    abstract IndexStore beside();

    /// Removes what is left when no day is.
    abstract void removeEmpty() throws IOException;

    /// To look at all days as they are now.
    abstract Moment moment();

    /// Where it is and how it may be removed, as a sentence's part.
    public abstract String remedy();

    @Override
    public abstract void close();

    /// Closes what has only read, so that nothing depends on how that ends.
    static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "a snapshot of the audit index was not closed in order", e);
        }
    }

    /// Connections that see what is there at one moment, each for one thread at a time; closed with it.
    interface Moment extends AutoCloseable {
        /// To see this day with; may be the same one for several days.
        Connection of(DayTables day) throws SQLException;

        @Override
        void close();
    }
}
