package dev.postern.auditing.index;

import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.ShardName;
import java.util.Locale;

/// Positions as single numbers that sort alike: year and week, then 40 bits of index.
final class Places {
    private static final int INDEX_BITS = 40;
    private static final int WEEKS = 100;

    private Places() {}

    static long packed(Position place) {
        return packed(place.shard(), place.index());
    }

    static long packed(ShardName shard, long index) {
        String name = shard.value();
        long week = Long.parseLong(name.substring(0, 4)) * WEEKS + Long.parseLong(name.substring(5));
        return week << INDEX_BITS | index;
    }

    static Position position(long packed) {
        return new Position(shard(packed), packed & (1L << INDEX_BITS) - 1);
    }

    static ShardName shard(long packed) {
        long week = packed >>> INDEX_BITS;
        return new ShardName(String.format(Locale.ROOT, "%04dw%02d", week / WEEKS, week % WEEKS));
    }
}
