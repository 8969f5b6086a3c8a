package dev.postern.auditing.index;

import dev.postern.auditing.sequence.LiveLog;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// An index that follows a log beside that log's own, and is driven by a test: caught up, and not started.
record SecondIndex(EventIndex index, IndexFollower follower) implements AutoCloseable {
    static SecondIndex of(LiveLog log, IndexStore store) throws IOException {
        return of(log, store, published(log), System::nanoTime);
    }

    /// As [#of(LiveLog, IndexStore)].
    ///
    /// @param published  what it follows
    /// @param nanos      its time
    static SecondIndex of(LiveLog log, IndexStore store, PublishedLog published, LongSupplier nanos)
            throws IOException {
        EventIndex index = EventIndex.open(store, log.epochs(), nanos);
        IndexFollower follower = new IndexFollower(index, log.leaves(), published, _ -> {});
        follower.catchUp();
        return new SecondIndex(index, follower);
    }

    /// What a log has published.
    static PublishedLog published(LiveLog log) {
        return () -> {
            NavigableMap<ShardName, PublishedShard> shards = new TreeMap<>();
            log.sequencer().newest(Integer.MAX_VALUE).forEach(shard -> shards.put(shard.name(), shard));
            return shards;
        };
    }

    @Override
    public void close() {
        follower.close();
    }
}
