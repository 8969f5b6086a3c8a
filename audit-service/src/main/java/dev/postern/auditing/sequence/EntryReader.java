package dev.postern.auditing.sequence;

import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads published entries one after the other. Neighbours lie in one file, so the latest file is kept, and nothing
/// else, however many are read. For one thread.
public final class EntryReader {
    private record Place(ShardName shard, long bundle) {}

    private final Sequencer sequencer;
    private @Nullable Place held;
    private List<byte[]> entries = List.of();
    // Of the held shard, as its checkpoint said when an entry beyond what was known was wanted.
    private long size;

    public EntryReader(Sequencer sequencer) {
        this.sequencer = sequencer;
    }

    /// The entry at a place.
    ///
    /// @param position of an entry that a checkpoint covers
    /// @throws IllegalArgumentException when its shard is not there
    public byte[] entry(Position position) throws IOException {
        Place place = new Place(position.shard(), position.index() / Tile.FULL);
        int at = (int) (position.index() % Tile.FULL);
        // The last file of a log may have grown since it was read.
        if (!place.equals(held) || at >= entries.size()) {
            PublishedShard shard = sequencer.shard(position.shard());
            Place before = held;
            if (before == null || !before.shard().equals(position.shard()) || position.index() >= size) {
                size = shard.checkpoint().checkpoint().size();
            }
            entries = shard.bundle(place.bundle(), size);
            held = place;
        }
        return entries.get(at);
    }
}
