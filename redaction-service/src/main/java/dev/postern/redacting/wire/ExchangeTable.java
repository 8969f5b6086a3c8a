package dev.postern.redacting.wire;

import dev.postern.redacting.engine.ExchangeRefused;
import dev.postern.redacting.engine.OpenExchange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The open exchanges of one stream, bounded in number, in idle time and by their deadlines. Safe for use by many
/// threads: the stream's own and the sweeper's; the lock is held for a look over the table at most.
final class ExchangeTable {
    private final int capacity;
    private final Duration idle;
    private final Clock clock;
    private final Map<Long, Entry> exchanges = new HashMap<>();

    private static final class Entry {
        private final OpenExchange exchange;
        private final Instant until;
        private Instant used;

        private Entry(OpenExchange exchange, Instant until, Instant used) {
            this.exchange = exchange;
            this.until = until;
            this.used = used;
        }
    }

    ExchangeTable(int capacity, Duration idle, Clock clock) {
        this.capacity = capacity;
        this.idle = idle;
        this.clock = clock;
    }

    synchronized void requireRoomFor(long id) throws ExchangeRefused {
        if (exchanges.size() >= capacity || exchanges.containsKey(id)) {
            forgetOver();
        }
        if (exchanges.containsKey(id)) {
            throw new ExchangeRefused(ExchangeRefused.Reason.UNKNOWN_EXCHANGE);
        }
        if (exchanges.size() >= capacity) {
            throw new ExchangeRefused(ExchangeRefused.Reason.OVERLOADED);
        }
    }

    /// @param until its deadline
    synchronized void put(long id, OpenExchange exchange, Instant until) {
        exchanges.put(id, new Entry(exchange, until, clock.instant()));
    }

    synchronized OpenExchange get(long id) throws ExchangeRefused {
        Instant now = clock.instant();
        @Nullable Entry entry = exchanges.get(id);
        if (entry == null || !now.isBefore(entry.until)) {
            throw new ExchangeRefused(ExchangeRefused.Reason.UNKNOWN_EXCHANGE);
        }
        entry.used = now;
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

    synchronized void forgetOver() {
        Instant now = clock.instant();
        Instant limit = now.minus(idle);
        exchanges.values().removeIf(entry -> entry.used.isBefore(limit) || !now.isBefore(entry.until));
    }
}
