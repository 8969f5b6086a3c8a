package dev.postern.auditing.shard;

import java.util.Comparator;

/// An event's place for ever. Sorts as the log does.
public record Position(ShardName shard, long index) implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
            Comparator.comparing(Position::shard).thenComparingLong(Position::index);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
