package dev.postern.auditing.shard;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What readers see of a shard: its published files. Any thread may use it.
///
/// @param origin   the log's name
/// @param storage  its files
public record PublishedShard(ShardName name, String origin, LogStorage storage) {

    /// A signed checkpoint as published, and what it says.
    ///
    /// @param note  with its signature
    public record Signed(String note, Checkpoint checkpoint) {}

    /// The newest checkpoint.
    public Signed checkpoint() throws IOException {
        byte[] note = storage.read(LogStorage.CHECKPOINT)
                .orElseThrow(() -> new IOException("shard " + name + " has no checkpoint"));
        String text = new String(note, StandardCharsets.UTF_8);
        return new Signed(
                text,
                Checkpoint.parse(text)
                        .orElseThrow(() -> new IOException("shard " + name + " has a malformed checkpoint")));
    }

    /// All entries of one bundle in the tree of `size` leaves.
    public List<byte[]> bundle(long bundle, long size) throws IOException {
        return TiledLog.bundle(storage, bundle, size);
    }

    public byte[] entry(long index, long size) throws IOException {
        return TiledLog.entry(storage, index, size);
    }

    public List<Hash> inclusion(long index, long size) throws IOException {
        return TiledLog.proofs(storage, size).inclusion(index, size);
    }

    /// Every entry of the tree of `size` leaves, in order.
    public void forEach(long size, EntryVisitor visitor) throws IOException {
        for (long bundle = 0; bundle * Tile.FULL < size; bundle++) {
            long index = bundle * Tile.FULL;
            for (byte[] entry : bundle(bundle, size)) {
                if (index < size) {
                    visitor.entry(index++, entry);
                }
            }
        }
    }

    /// Sees entries with their place.
    @FunctionalInterface
    public interface EntryVisitor {
        void entry(long index, byte[] entry);
    }
}
