package dev.postern.auditing.shard;

import dev.postern.audit.root.RootEntry;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// An ISO week, for example `2026w48`. Sorts by time.
public record ShardName(String value) implements Comparable<ShardName> {

    public ShardName {
        if (!isName(value)) {
            throw new IllegalArgumentException("a shard is named like 2026w48");
        }
    }

    public static boolean isName(String text) {
        return RootEntry.isShard(text);
    }

    /// The week in which an instant lies, in UTC.
    public static ShardName at(Instant instant) {
        return new ShardName(RootEntry.shardOf(LocalDate.ofInstant(instant, ZoneOffset.UTC)));
    }

    /// The Monday with which the week begins.
    public LocalDate firstDay() {
        return RootEntry.firstDay(value);
    }

    @Override
    public int compareTo(ShardName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
