package dev.postern.auditing.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Compares what two indexes of one day hold of the log that is there, every column of every row. For one thread.
final class DayComparison {
    private static final String NOTHING = "no further row";
    private static final String UNREADABLE = "cannot be read";
    private static final HexFormat HEX = HexFormat.of();

    private static final int STEP = 4096;

    private final Connection live;
    private final Connection rebuilt;
    private final long start;
    private final Predicate<SQLException> atFault;
    private final Runnable step;
    private long rows;

    /// @param start    the oldest place in the log
    /// @param atFault  whether a failure of the live one is the day's own
    /// @param step     called now and then; what it throws ends the comparison
    DayComparison(Connection live, Connection rebuilt, long start, Predicate<SQLException> atFault, Runnable step) {
        this.live = live;
        this.rebuilt = rebuilt;
        this.start = start;
        this.atFault = atFault;
        this.step = step;
    }

    /// The first row in which they differ. All are tokens, places in the log and times: nothing that says whose.
    ///
    /// @param table    where
    /// @param live     what the index that grew has there, or that it cannot be read
    /// @param rebuilt  what the log says
    record Difference(String table, String live, String rebuilt) {
        /// Of a day that cannot be opened.
        static Difference unreadable() {
            return new Difference("all", UNREADABLE, "a day of the log");
        }

        /// Of a day that only one of them has.
        static Difference missing(boolean rebuilt) {
            return rebuilt
                    ? new Difference("all", "no such day", "a day of the log")
                    : new Difference("all", "a day", "no such day in the log");
        }
    }

    /// The first difference, table by table.
    ///
    /// @throws SQLException when the rebuilt one cannot be read, or the live one and the day is not at fault
    Optional<Difference> first() throws SQLException {
        for (IndexTable table : IndexTable.values()) {
            Optional<Difference> found = first(table);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Difference> first(IndexTable table) throws SQLException {
        try (PreparedStatement expected = rebuilt.prepareStatement(table.from(start));
                ResultSet wanted = expected.executeQuery()) {
            int columns = wanted.getMetaData().getColumnCount();
            boolean more = wanted.next();
            try (PreparedStatement grown = live.prepareStatement(table.from(start));
                    ResultSet found = grown.executeQuery()) {
                // What the rebuilt one throws is not to be taken for the live one's.
                boolean there = found.next();
                while (there && more && isSame(found, wanted, columns)) {
                    if (++rows % STEP == 0) {
                        step.run();
                    }
                    there = found.next();
                    more = advance(wanted);
                }
                return there || more
                        ? Optional.of(new Difference(
                                table.title(), there ? text(found) : NOTHING, more ? text(wanted) : NOTHING))
                        : Optional.empty();
            } catch (RebuiltUnreadable e) {
                throw e.cause;
            } catch (SQLException e) {
                if (!atFault.test(e)) {
                    throw e;
                }
                return Optional.of(new Difference(table.title(), UNREADABLE, more ? text(wanted) : NOTHING));
            }
        }
    }

    private static final class RebuiltUnreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // Caught in this class.
        private final SQLException cause;

        RebuiltUnreadable(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    private static boolean advance(ResultSet rows) {
        try {
            return rows.next();
        } catch (SQLException e) {
            throw new RebuiltUnreadable(e);
        }
    }

    private static boolean isSame(ResultSet one, ResultSet other, int columns) throws SQLException {
        for (int i = 1; i <= columns; i++) {
            if (!isSame(one.getObject(i), other.getObject(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(@Nullable Object one, @Nullable Object other) {
        return (one instanceof byte[] bytes && other instanceof byte[] more)
                ? Arrays.equals(bytes, more)
                : Objects.equals(one, other);
    }

    private static String text(ResultSet row) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            Object value = row.getObject(i);
            text.append(i == 1 ? "" : ", ")
                    .append(row.getMetaData().getColumnName(i))
                    .append(' ')
                    .append(value instanceof byte[] bytes ? HEX.formatHex(bytes) : value);
        }
        return text.toString();
    }
}
