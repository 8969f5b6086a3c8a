package dev.postern.auditing.index;

import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import java.util.NavigableMap;

/// The log that the index follows.
@FunctionalInterface
public interface PublishedLog {
    /// Every shard there is; the last one is being written.
    NavigableMap<ShardName, PublishedShard> shards();
}
