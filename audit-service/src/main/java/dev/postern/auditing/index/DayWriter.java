package dev.postern.auditing.index;

import dev.postern.audit.EventQuery;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.IndexKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Takes batches into a day's file, each in one transaction with the cursor. What is there already stays, so a batch
/// may come again. For one thread.
final class DayWriter implements AutoCloseable {
    private static final String ENTRY = "INSERT INTO entry VALUES (?, ?) ON CONFLICT DO NOTHING";
    private static final String SEGMENT = "INSERT INTO segment VALUES (?) ON CONFLICT DO NOTHING";
    private static final String TERM = "INSERT INTO term VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    private static final String NUMBER = "INSERT INTO number VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    private static final String BLOCK = """
            INSERT INTO block VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
            first = CASE WHEN excluded.first < block.first THEN excluded.first ELSE block.first END,
            last = CASE WHEN excluded.last > block.last THEN excluded.last ELSE block.last END,
            earliest = CASE WHEN excluded.earliest < block.earliest THEN excluded.earliest ELSE block.earliest END,
            latest = CASE WHEN excluded.latest > block.latest THEN excluded.latest ELSE block.latest END""";
    private static final String FOLLOWED = """
            UPDATE followed SET first = CASE WHEN ? < first THEN ? ELSE first END,
            head = CASE WHEN ? > next THEN ? ELSE head END, next = CASE WHEN ? > next THEN ? ELSE next END""";

    private final DayTables tables;
    private final Connection connection;
    private final IndexKey.Tokens tokens;
    private final long midnight;

    /// @param midnight  with which the day begins, in milliseconds since 1970
    DayWriter(DayTables tables, Connection connection, IndexKey key, long midnight) throws SQLException {
        this.tables = tables;
        this.connection = connection;
        this.tokens = key.tokens();
        this.midnight = midnight;
        connection.setAutoCommit(false);
    }

    /// Places and times of a stretch of events.
    record Extent(long first, long last, long earliest, long latest) {
        static Extent of(long place, long time) {
            return new Extent(place, place, time, time);
        }

        Extent and(Extent other) {
            return new Extent(
                    Math.min(first, other.first),
                    Math.max(last, other.last),
                    Math.min(earliest, other.earliest),
                    Math.max(latest, other.latest));
        }
    }

    /// Takes in events.
    ///
    /// @return where they are, and when they happened
    Optional<Extent> add(List<IndexedEvent> events) throws SQLException {
        try (PreparedStatement entry = connection.prepareStatement(ENTRY);
                PreparedStatement term = connection.prepareStatement(TERM);
                PreparedStatement number = connection.prepareStatement(NUMBER)) {
            Set<Long> segments = new TreeSet<>();
            Map<Long, Extent> blocks = new TreeMap<>();
            for (IndexedEvent indexed : events) {
                long place = Places.packed(indexed.place());
                EventEnvelope event = indexed.event();
                long time = event.time().toEpochMilli() - midnight;
                entry.setLong(1, place);
                entry.setLong(2, time);
                tables.put(entry);
                terms(term, place, event);
                number(number, place, event);
                segments.add(place >>> DayTables.SEGMENT_BITS);
                blocks.merge(place >>> DayTables.BLOCK_BITS, Extent.of(place, time), Extent::and);
            }
            entry.executeBatch();
            term.executeBatch();
            number.executeBatch();
            segments(segments);
            blocks(blocks);
            return blocks.values().stream().reduce(Extent::and);
        }
    }

    private void terms(PreparedStatement insert, long place, EventEnvelope event) throws SQLException {
        for (EventQuery.Term term : EventQuery.terms(event)) {
            insert.setLong(1, place >>> DayTables.SEGMENT_BITS);
            insert.setBytes(2, token(tokens, term));
            insert.setLong(3, place);
            tables.put(insert);
        }
    }

    private void number(PreparedStatement insert, long place, EventEnvelope event) throws SQLException {
        insert.setBytes(1, producer(tokens, event.source(), event.spool()));
        insert.setLong(2, event.sequence() + offset(tokens, event.source(), event.spool()));
        insert.setLong(3, tag(tokens, event.id()));
        insert.setLong(4, place);
        tables.put(insert);
    }

    static byte[] token(IndexKey.Tokens tokens, EventQuery.Term term) {
        return tokens.token("term " + term.query().parameter(), term.value());
    }

    static byte[] producer(IndexKey.Tokens tokens, String source, String spool) {
        return tokens.token("producer", source, spool);
    }

    /// Added to each number of a producer: the order of numbers shows, which that of places shows as well, and not how
    /// many events went before. Of 53 bits, as numbers are, so that the sum has 54.
    static long offset(IndexKey.Tokens tokens, String source, String spool) {
        return tokens.tag("offset", source, spool) >>> (Long.SIZE - 53);
    }

    static long tag(IndexKey.Tokens tokens, String id) {
        return tokens.tag("id", id);
    }

    private void segments(Set<Long> segments) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(SEGMENT)) {
            for (long segment : segments) {
                insert.setLong(1, segment);
                insert.executeUpdate();
            }
        }
    }

    private void blocks(Map<Long, Extent> blocks) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(BLOCK)) {
            for (Map.Entry<Long, Extent> block : blocks.entrySet()) {
                upsert.setLong(1, block.getKey());
                upsert.setLong(2, block.getValue().first());
                upsert.setLong(3, block.getValue().last());
                upsert.setLong(4, block.getValue().earliest());
                upsert.setLong(5, block.getValue().latest());
                upsert.executeUpdate();
            }
        }
    }

    /// A stretch of the log has been followed.
    void followed(Stretch stretch) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(FOLLOWED)) {
            update.setLong(1, stretch.from());
            update.setLong(2, stretch.from());
            update.setLong(3, stretch.to());
            update.setBytes(4, stretch.head().bytes());
            update.setLong(5, stretch.to());
            update.setLong(6, stretch.to());
            update.executeUpdate();
        }
    }

    void commit() throws SQLException {
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
