package dev.postern.redacting.wire;

import dev.postern.redacting.engine.ExchangeRefused;
import dev.postern.redacting.engine.OpenExchange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The open exchanges of one stream, bounded in number and in idle time. Safe for use by many threads: the stream's own
/// and the sweeper's; the lock is held for look-ups only.
final class ExchangeTable {
    private final int capacity;
    private final Duration idle;
    private final Clock clock;
    private final Map<Long, Entry> exchanges = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Entry {
        private final OpenExchange exchange;
        private Instant used;

        private Entry(OpenExchange exchange, Instant used) {
            this.exchange = exchange;
            this.used = used;
        }
    }

    ExchangeTable(int capacity, Duration idle, Clock clock) {
        this.capacity = capacity;
        this.idle = idle;
        this.clock = clock;
    }

    synchronized void requireRoomFor(long id) throws ExchangeRefused {
        forgetIdle();
        if (exchanges.containsKey(id)) {
            throw new ExchangeRefused(ExchangeRefused.Reason.UNKNOWN_EXCHANGE);
        }
        if (exchanges.size() >= capacity) {
            throw new ExchangeRefused(ExchangeRefused.Reason.OVERLOADED);
        }
    }

    synchronized void put(long id, OpenExchange exchange) {
        exchanges.put(id, new Entry(exchange, clock.instant()));
    }

    synchronized OpenExchange get(long id) throws ExchangeRefused {
        @Nullable Entry entry = exchanges.get(id);
        if (entry == null) {
            throw new ExchangeRefused(ExchangeRefused.Reason.UNKNOWN_EXCHANGE);
        }
        entry.used = clock.instant();
        return entry.exchange;
    }

    synchronized void remove(long id) {
        exchanges.remove(id);
    }

    synchronized void clear() {
        exchanges.clear();
    }

    synchronized int size() {
        return exchanges.size();
    }

    synchronized void forgetIdle() {
        Instant limit = clock.instant().minus(idle);
        Iterator<Entry> eldestFirst = exchanges.values().iterator();
        while (eldestFirst.hasNext() && eldestFirst.next().used.isBefore(limit)) {
            eldestFirst.remove();
        }
    }
}
