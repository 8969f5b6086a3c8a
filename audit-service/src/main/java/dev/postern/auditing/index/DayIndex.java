package dev.postern.auditing.index;

import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.IndexKey;
import dev.postern.auditing.index.DayWriter.Extent;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
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
/// belong to the follower. A day that cannot be read by its own fault is marked, and answers nothing until it was
/// rebuilt.
final class DayIndex {
    private static final System.Logger LOG = System.getLogger(DayIndex.class.getName());
    private static final long DAY_MILLIS = 86_400_000;

    private final Epoch epoch;
    private final DayTables tables;
    private final IndexKey key;

    private volatile Stretch followed = Stretch.NONE;
    private volatile @Nullable Extent extent;
    private volatile boolean damaged;
    private volatile boolean closed;
    private @Nullable DayReader reader;

    private DayIndex(Epoch epoch, DayTables tables, IndexKey key) {
        this.epoch = epoch;
        this.tables = tables;
        this.key = key;
    }

    /// Asks a day's tables.
    @FunctionalInterface
    interface Question<T> {
        T ask(DayReader reader) throws SQLException;
    }

    /// The day's tables, if they are ours and sound.
    ///
    /// @param thorough  reads all of it
    /// @throws IOException when the store is away
    static Optional<DayIndex> open(Epoch epoch, DayTables tables, IndexKey key, boolean thorough) throws IOException {
        try {
            if (!tables.exists()) {
                return Optional.empty();
            }
            try (Connection connection = tables.forReading()) {
                if (tables.isOurs(connection, key) && (!thorough || tables.isWhole(connection))) {
                    DayIndex day = new DayIndex(epoch, tables, key);
                    day.load(connection);
                    return Optional.of(day);
                }
            }
            LOG.log(System.Logger.Level.WARNING, "{0} is no index of this log: it is made anew", tables);
        } catch (SQLException e) {
            if (tables.isAway(e)) {
                throw new IOException("the audit index of " + epoch + " cannot be asked for: " + e.getMessage(), e);
            }
            LOG.log(System.Logger.Level.WARNING, "{0} cannot be read and is made anew: {1}", tables, e.getMessage());
        }
        return Optional.empty();
    }

    /// New tables.
    ///
    /// @param before  what was followed already and holds no event
    static DayIndex create(Epoch epoch, DayTables tables, IndexKey key, Stretch before)
            throws IOException, SQLException {
        tables.create(key, before);
        DayIndex day = new DayIndex(epoch, tables, key);
        day.followed = before;
        return day;
    }

    private void load(Connection connection) throws SQLException {
        followed = cursor(connection);
        try (PreparedStatement blocks = connection.prepareStatement(
                        "SELECT min(first), max(last), min(earliest), max(latest) FROM block");
                ResultSet row = blocks.executeQuery()) {
            row.next();
            Extent found = new Extent(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
            extent = row.wasNull() ? null : found;
        }
    }

    private static Stretch cursor(Connection connection) throws SQLException {
        try (PreparedStatement cursor = connection.prepareStatement("SELECT first, next, head FROM followed");
                ResultSet row = cursor.executeQuery()) {
            row.next();
            byte[] head = row.getBytes(3);
            return new Stretch(row.getLong(1), row.getLong(2), head.length == Hash.LENGTH ? Hash.of(head) : Hash.EMPTY);
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

    /// Whether nothing of it lies in the log from a place on. The marks between two shards are followed with the day
    /// before them: what counts are its events.
    boolean isBefore(long place) {
        Extent there = extent;
        return there != null ? there.last() < place : followed.to() <= place;
    }

    /// With which the day begins, in milliseconds since 1970.
    long midnight() {
        return epoch.day() * DAY_MILLIS;
    }

    boolean isDamaged() {
        return damaged;
    }

    /// Whether it only waits for its removal.
    boolean isGone() {
        return closed && !damaged;
    }

    void markDamaged() {
        damaged = true;
    }

    /// For the follower.
    DayWriter writer() throws SQLException {
        return new DayWriter(tables, tables.forWriting(), key, midnight());
    }

    /// Looks whether the store has all that was written, and goes on from what it has: a database may come back from a
    /// copy that lies behind. A file is what it was.
    ///
    /// @return whether it has
    boolean holdsWhatWasFollowed() throws SQLException {
        if (tables.isKeptOpen()) {
            return true;
        }
        try (Connection connection = tables.forReading()) {
            Stretch stored = cursor(connection);
            boolean all = stored.to() >= followed.to();
            if (!all) {
                followed = stored;
            }
            return all;
        }
    }

    /// Notes what the follower has written.
    void written(Stretch stretch, Optional<Extent> added) {
        followed = followed.and(stretch);
        Extent before = extent;
        added.ifPresent(more -> extent = before == null ? more : before.and(more));
    }

    /// @throws IndexIncomplete when it cannot be read: it is asked again, or rebuilt if it is at fault
    <T> T ask(Question<T> question) throws IndexIncomplete {
        return tables.isKeptOpen() ? askKept(question) : askApart(question);
    }

    private synchronized <T> T askKept(Question<T> question) throws IndexIncomplete {
        if (closed || damaged) {
            throw new IndexIncomplete();
        }
        try {
            DayReader open = reader;
            if (open == null) {
                open = new DayReader(tables.forReading(), key);
                reader = open;
            }
            return question.ask(open);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// As [#ask], for what takes long: others are not held up.
    <T> T askApart(Question<T> question) throws IndexIncomplete {
        if (closed || damaged) {
            throw new IndexIncomplete();
        }
        try (DayReader own = new DayReader(tables.forReading(), key)) {
            return question.ask(own);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// What it holds at a moment. What cannot be read by its own fault is marked.
    ///
    /// @throws IndexIncomplete when it cannot be read, and is not at fault
    DaySnapshot snapshot(IndexStore.Moment moment) throws IndexIncomplete {
        try {
            return DaySnapshot.of(epoch, tables, moment.of(tables));
        } catch (SQLException e) {
            IndexIncomplete failure = failed(e);
            if (!tables.isAtFault(e)) {
                throw failure;
            }
            return DaySnapshot.unreadable(epoch);
        }
    }

    /// To read all of it with, apart from everybody else.
    Connection connection() throws SQLException {
        Connection connection = tables.forComparing();
        try {
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /// Notes a failure of the tables or around them.
    IndexIncomplete failed(SQLException e) {
        if (tables.isAtFault(e)) {
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
                if (!tables.isAway(e)) {
                    damaged = true;
                }
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
        tables.delete();
    }
}
