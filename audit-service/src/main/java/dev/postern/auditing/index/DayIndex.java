package dev.postern.auditing.index;

import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.IndexKey;
import dev.postern.auditing.index.DayWriter.Extent;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The index of one UTC day: all events that were sealed under the keys of that day, in the stretch of the log it has
/// followed.
///
/// Reading is for any thread, one after the other (guarded by the monitor); the writer and what it has followed
/// belong to the follower. A file that SQLite cannot read is marked, and answers nothing until it was rebuilt.
final class DayIndex {
    private static final System.Logger LOG = System.getLogger(DayIndex.class.getName());
    private static final long DAY_MILLIS = 86_400_000;

    private final Epoch epoch;
    private final DayFile file;
    private final IndexKey key;

    private volatile Stretch followed = Stretch.NONE;
    private volatile @Nullable Extent extent;
    private volatile boolean damaged;
    private boolean closed;
    private @Nullable DayReader reader;

    private DayIndex(Epoch epoch, DayFile file, IndexKey key) {
        this.epoch = epoch;
        this.file = file;
        this.key = key;
    }

    /// Asks a day's file.
    @FunctionalInterface
    interface Question<T> {
        T ask(DayReader reader) throws SQLException;
    }

    /// The day's file, if it is one of ours and sound.
    ///
    /// @param thorough  reads all of it
    static Optional<DayIndex> open(Epoch epoch, DayFile file, IndexKey key, boolean thorough) {
        if (!Files.isRegularFile(file.path())) {
            return Optional.empty();
        }
        try (Connection connection = file.forReading()) {
            if (file.isOurs(connection, key) && (!thorough || DayFile.isWhole(connection))) {
                DayIndex day = new DayIndex(epoch, file, key);
                day.load(connection);
                return Optional.of(day);
            }
            LOG.log(System.Logger.Level.WARNING, "{0} is no index of this log: it is made anew", file.path());
        } catch (SQLException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} cannot be read and is made anew: {1}",
                    file.path(),
                    e.getMessage());
        }
        return Optional.empty();
    }

    /// A new file.
    ///
    /// @param before  what was followed already and holds no event
    static DayIndex create(Epoch epoch, DayFile file, IndexKey key, Stretch before) throws IOException, SQLException {
        file.create(key, before);
        DayIndex day = new DayIndex(epoch, file, key);
        day.followed = before;
        return day;
    }

    private void load(Connection connection) throws SQLException {
        try (PreparedStatement cursor = connection.prepareStatement("SELECT first, next, head FROM followed");
                ResultSet row = cursor.executeQuery()) {
            row.next();
            byte[] head = row.getBytes(3);
            followed = new Stretch(
                    row.getLong(1), row.getLong(2), head.length == Hash.LENGTH ? Hash.of(head) : Hash.EMPTY);
        }
        try (PreparedStatement blocks = connection.prepareStatement(
                        "SELECT min(first), max(last), min(earliest), max(latest) FROM block");
                ResultSet row = blocks.executeQuery()) {
            row.next();
            Extent found = new Extent(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
            extent = row.wasNull() ? null : found;
        }
    }

    Epoch epoch() {
        return epoch;
    }

    /// What it has followed of the log.
    Stretch followed() {
        return followed;
    }

    /// Where its events are, if it has any.
    Optional<Extent> extent() {
        return Optional.ofNullable(extent);
    }

    /// With which the day begins, in milliseconds since 1970.
    long midnight() {
        return epoch.day() * DAY_MILLIS;
    }

    boolean isDamaged() {
        return damaged;
    }

    void markDamaged() {
        damaged = true;
    }

    /// For the follower.
    DayWriter writer() throws SQLException {
        return new DayWriter(file.forWriting(), key, midnight());
    }

    /// Notes what the follower has written.
    void written(Stretch stretch, Optional<Extent> added) {
        followed = followed.and(stretch);
        Extent before = extent;
        added.ifPresent(more -> extent = before == null ? more : before.and(more));
    }

    /// @throws IndexIncomplete when the file cannot be read: it is asked again, or rebuilt if it is at fault
    synchronized <T> T ask(Question<T> question) throws IndexIncomplete {
        if (closed || damaged) {
            throw new IndexIncomplete();
        }
        try {
            DayReader open = reader;
            if (open == null) {
                open = new DayReader(file.forReading(), key);
                reader = open;
            }
            return question.ask(open);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// As [#ask], for what takes long: others are not held up.
    <T> T askApart(Question<T> question) throws IndexIncomplete {
        try (DayReader own = new DayReader(file.forReading(), key)) {
            return question.ask(own);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// What it holds now. A file that cannot be read is marked.
    DaySnapshot snapshot() {
        try {
            Connection connection = connection();
            try {
                return DaySnapshot.of(epoch, connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            var _ = failed(e);
            return DaySnapshot.unreadable(epoch);
        }
    }

    /// To read with, apart from everybody else.
    Connection connection() throws SQLException {
        return file.forReading();
    }

    /// Notes a failure of the file or around it.
    IndexIncomplete failed(SQLException e) {
        if (file.isAtFault(e)) {
            damaged = true;
            LOG.log(System.Logger.Level.ERROR, "the audit index of " + epoch + " cannot be used and is made anew", e);
        } else {
            release();
            LOG.log(System.Logger.Level.WARNING, "the audit index of " + epoch + " cannot be used right now", e);
        }
        return new IndexIncomplete(e);
    }

    /// Gives back what reading holds; the next question takes it again.
    synchronized void release() {
        DayReader open = reader;
        reader = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                damaged = true;
                LOG.log(System.Logger.Level.WARNING, "the audit index of " + epoch + " was not closed in order", e);
            }
        }
    }

    synchronized void close() {
        closed = true;
        release();
    }

    /// Closes and removes it.
    void delete() throws IOException {
        close();
        file.delete();
    }
}
