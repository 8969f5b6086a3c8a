package dev.postern.auditing.index;

import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import java.util.NavigableMap;

/// The log that the index follows.
@FunctionalInterface
public interface PublishedLog {
    /// Every shard there is; the last one is being written.
    NavigableMap<ShardName, PublishedShard> shards();

    /// The oldest place in it, packed; 0 as long as there is none.
    default long start() {
        NavigableMap<ShardName, PublishedShard> shards = shards();
        return shards.isEmpty() ? 0 : Places.packed(shards.firstKey(), 0);
    }
}
