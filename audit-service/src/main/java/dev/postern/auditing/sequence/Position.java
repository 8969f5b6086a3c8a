package dev.postern.auditing.sequence;

import dev.postern.auditing.shard.ShardName;

/// An event's place for ever.
public record Position(ShardName shard, long index) {}
