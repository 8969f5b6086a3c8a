package dev.postern.auditing.index;

import dev.postern.auditing.epoch.IndexKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Looks into a day's file. For one thread at a time.
final class DayReader implements AutoCloseable {
    /// Of a term, so many newest events tell how rare it is.
    private static final int SAMPLE = 256;

    private static final String WITH_TOKEN =
            " WHERE s.id BETWEEN ? AND ? AND t.segment = s.id AND t.token = ? AND t.pos BETWEEN ? AND ?";
    private static final String OF_TOKEN = " FROM segment s CROSS JOIN term t" + WITH_TOKEN;
    private static final String OF_TOKEN_TIMED =
            " FROM segment s CROSS JOIN term t CROSS JOIN entry e" + WITH_TOKEN + " AND e.pos = t.pos";
    private static final String HAS_TOKEN =
            "EXISTS (SELECT 1 FROM term o WHERE o.segment = s.id AND o.token = ? AND o.pos = t.pos)";
    private static final String NEWEST_FIRST = " ORDER BY s.id DESC, t.pos DESC";
    private static final String LIMIT = " LIMIT ";
    private static final String EVERY = "SELECT pos, time, 1 FROM entry WHERE pos BETWEEN ? AND ? ORDER BY pos DESC";
    private static final String RARITY = "SELECT count(*), min(pos) FROM (SELECT t.pos AS pos" + OF_TOKEN + NEWEST_FIRST
            + LIMIT + SAMPLE + ") AS newest";
    private static final String TALLY = "SELECT count(*), min(e.time), max(e.time)" + OF_TOKEN_TIMED;
    private static final String STRETCH = "SELECT min(first), max(last) FROM block WHERE latest >= ? AND earliest <= ?";

    private final Connection connection;
    private final IndexKey.Tokens tokens;

    DayReader(Connection connection, IndexKey key) {
        this.connection = connection;
        this.tokens = key.tokens();
    }

    IndexKey.Tokens tokens() {
        return tokens;
    }

    /// A stretch of the log and of time, bounds included; times in milliseconds since midnight.
    record Window(long first, long last, long earliest, long latest) {
        static final Window ALL = new Window(0, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);

        private boolean holds(long time) {
            return time >= earliest && time <= latest;
        }

        private boolean isTimed() {
            return earliest != Long.MIN_VALUE || latest != Long.MAX_VALUE;
        }
    }

    /// What a search found.
    ///
    /// @param hits    places, newest first
    /// @param seen    candidates looked at
    /// @param reached where the search stopped before its end: everything from here on was looked at
    record Scan(List<Long> hits, int seen, OptionalLong reached) {}

    /// The newest events of a window that have every token.
    ///
    /// @param budget  candidates that may be looked at
    Scan search(List<byte[]> wanted, Window window, int limit, int budget) throws SQLException {
        Optional<Window> stretch = window.isTimed() ? stretch(window) : Optional.of(window);
        if (stretch.isEmpty()) {
            return new Scan(List.of(), 0, OptionalLong.empty());
        }
        Window within = stretch.get();
        try (PreparedStatement query =
                        wanted.isEmpty() ? every(within, budget) : having(byRarity(wanted, within), within, budget);
                ResultSet rows = query.executeQuery()) {
            List<Long> hits = new ArrayList<>();
            int seen = 0;
            while (rows.next()) {
                long place = rows.getLong(1);
                seen++;
                if (rows.getInt(3) == 1 && within.holds(rows.getLong(2))) {
                    hits.add(place);
                }
                if (hits.size() == limit || seen == budget) {
                    return new Scan(hits, seen, OptionalLong.of(place));
                }
            }
            return new Scan(hits, seen, OptionalLong.empty());
        }
    }

    /// The part of the log outside of which nothing happened at the wanted time.
    private Optional<Window> stretch(Window window) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(STRETCH)) {
            query.setLong(1, window.earliest());
            query.setLong(2, window.latest());
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                long first = rows.getLong(1);
                boolean none = rows.wasNull();
                long last = rows.getLong(2);
                return none
                        ? Optional.empty()
                        : Optional.of(new Window(
                                Math.max(first, window.first()),
                                Math.min(last, window.last()),
                                window.earliest(),
                                window.latest()));
            }
        }
    }

    private PreparedStatement every(Window window, int most) throws SQLException {
        PreparedStatement query = connection.prepareStatement(EVERY + LIMIT + most);
        query.setLong(1, window.first());
        query.setLong(2, window.last());
        return query;
    }

    /// @param wanted  the first one leads
    private PreparedStatement having(List<byte[]> wanted, Window window, int most) throws SQLException {
        boolean timed = window.isTimed();
        StringBuilder sql = new StringBuilder(timed ? "SELECT t.pos, e.time, " : "SELECT t.pos, 0, ");
        if (wanted.size() > 1) {
            sql.append("CASE WHEN ")
                    .append(String.join(" AND ", Collections.nCopies(wanted.size() - 1, HAS_TOKEN)))
                    .append(" THEN 1 ELSE 0 END");
        } else {
            sql.append('1');
        }
        sql.append(timed ? OF_TOKEN_TIMED : OF_TOKEN)
                .append(NEWEST_FIRST)
                .append(LIMIT)
                .append(most);
        PreparedStatement query = connection.prepareStatement(sql.toString());
        int at = 1;
        for (byte[] token : wanted.subList(1, wanted.size())) {
            query.setBytes(at++, token);
        }
        lead(query, at, wanted.getFirst(), window);
        return query;
    }

    private static int lead(PreparedStatement query, int from, byte[] token, Window window) throws SQLException {
        query.setLong(from, window.first() >>> DayTables.SEGMENT_BITS);
        query.setLong(from + 1, window.last() >>> DayTables.SEGMENT_BITS);
        query.setBytes(from + 2, token);
        query.setLong(from + 3, window.first());
        query.setLong(from + 4, window.last());
        return from + 5;
    }

    /// How rare a token is: the fewest first, and of those that are frequent the one whose newest events reach
    /// furthest back.
    @SuppressWarnings("ArrayRecordComponent") // Sorted, never compared.
    private record Rarity(byte[] token, long sampled, long reach) {
        static final Comparator<Rarity> RAREST_FIRST =
                Comparator.comparingLong(Rarity::sampled).thenComparingLong(Rarity::reach);
    }

    private List<byte[]> byRarity(List<byte[]> wanted, Window window) throws SQLException {
        if (wanted.size() == 1) {
            return wanted;
        }
        List<Rarity> sampled = new ArrayList<>();
        for (byte[] token : wanted) {
            sampled.add(rarity(token, window));
        }
        return sampled.stream().sorted(Rarity.RAREST_FIRST).map(Rarity::token).toList();
    }

    private Rarity rarity(byte[] token, Window window) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(RARITY)) {
            lead(query, 1, token, window);
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                return new Rarity(token, rows.getLong(1), rows.getLong(2));
            }
        }
    }

    /// How many events have every token, and the first and last time among them; in time of their number.
    ///
    /// @return count, first, last; empty for none
    Optional<long[]> tally(List<byte[]> wanted) throws SQLException {
        List<byte[]> ordered = byRarity(wanted, Window.ALL);
        String others = (" AND " + HAS_TOKEN).repeat(ordered.size() - 1);
        try (PreparedStatement query = connection.prepareStatement(TALLY + others)) {
            int at = lead(query, 1, ordered.getFirst(), Window.ALL);
            for (byte[] token : ordered.subList(1, ordered.size())) {
                query.setBytes(at++, token);
            }
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() && rows.getLong(1) > 0
                        ? Optional.of(new long[] {rows.getLong(1), rows.getLong(2), rows.getLong(3)})
                        : Optional.empty();
            }
        }
    }

    /// The place of one event.
    OptionalLong find(String source, String spool, long sequence, String id) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT pos FROM number WHERE producer = ? AND number = ? AND tag = ?")) {
            query.setBytes(1, DayWriter.producer(tokens, source, spool));
            query.setLong(2, sequence + DayWriter.offset(tokens, source, spool));
            query.setLong(3, DayWriter.tag(tokens, id));
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /// The highest number of a producer's spool; 0 for none.
    long highest(String source, String spool) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT max(number) FROM number WHERE producer = ?")) {
            query.setBytes(1, DayWriter.producer(tokens, source, spool));
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                long number = rows.getLong(1);
                return rows.wasNull() ? 0 : number - DayWriter.offset(tokens, source, spool);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
