package dev.postern.auditing.retention;

import dev.postern.auditing.shard.ShardName;

/// Says whether a shard that is old enough may be deleted. Any thread may ask, again and again, and is answered at
/// once.
@FunctionalInterface
public interface DeletionGate {
    /// Keeps nothing.
    DeletionGate OPEN = _ -> true;

    boolean mayDelete(ShardName shard);
}
