package dev.postern.auditing.sequence;

import dev.postern.audit.EventType;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.shard.ShardName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Where published events are, rebuilt from the log at each start: 50 to 80 bytes of memory an event. All state is
/// guarded by its monitor.
public final class EventIndex {

    private static final int INDEX_BITS = 48;

    private final List<ShardName> shards = new ArrayList<>();
    private final Places places = new Places();
    private final Positions all = new Positions();
    private final Map<EventType, Positions> byType = new EnumMap<>(EventType.class);
    /// What lies before it was deleted.
    private long firstKept;

    /// Takes in an event; shards and indexes must come in order.
    synchronized void add(ShardName shard, long index, EventEnvelope event) {
        if (shards.isEmpty() || !shards.getLast().equals(shard)) {
            shards.add(shard);
        }
        long packed = (long) (shards.size() - 1) << INDEX_BITS | index;
        places.put(EventKey.of(event.source(), event.id()), packed);
        all.add(packed);
        EventType.ofWireName(event.type())
                .ifPresent(type ->
                        byType.computeIfAbsent(type, _ -> new Positions()).add(packed));
    }

    synchronized Optional<Position> find(EventKey key) {
        OptionalLong packed = places.find(key);
        return packed.isPresent() && packed.getAsLong() >= firstKept
                ? Optional.of(position(packed.getAsLong()))
                : Optional.empty();
    }

    /// The newest events, newest first.
    ///
    /// @param type    only this type, or all
    /// @param before  only events before this place in the log
    public synchronized List<Position> newest(Optional<EventType> type, Optional<Position> before, int limit) {
        Positions positions =
                type.map(only -> byType.getOrDefault(only, new Positions())).orElse(all);
        int end = before.map(place -> positions.below(packed(place))).orElse(positions.size());
        List<Position> newest = new ArrayList<>();
        for (int i = end - 1; i >= 0 && newest.size() < limit && positions.get(i) >= firstKept; i--) {
            newest.add(position(positions.get(i)));
        }
        return newest;
    }

    /// Leaves out a shard that is deleted, and those before it.
    synchronized void forget(ShardName shard) {
        int ordinal = Collections.binarySearch(shards, shard);
        if (ordinal >= 0) {
            firstKept = Math.max(firstKept, (long) (ordinal + 1) << INDEX_BITS);
        }
    }

    public synchronized int size() {
        return all.size();
    }

    private long packed(Position place) {
        int ordinal = Collections.binarySearch(shards, place.shard());
        // Between two shards: everything of the older one is before it.
        return ordinal >= 0 ? (long) ordinal << INDEX_BITS | place.index() : (long) (-ordinal - 1) << INDEX_BITS;
    }

    private Position position(long packed) {
        return new Position(shards.get((int) (packed >>> INDEX_BITS)), packed & (1L << INDEX_BITS) - 1);
    }
}
