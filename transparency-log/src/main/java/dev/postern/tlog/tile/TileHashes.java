package dev.postern.tlog.tile;

import dev.postern.tlog.tree.Hash;
import dev.postern.tlog.tree.SubtreeHashes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Hashes of a tree with a known size, read from its tiles. For one use by one thread: it keeps every tile it read.
public final class TileHashes implements SubtreeHashes {

    private static final int LEVELS_PER_TILE = 8;

    private final long size;
    private final TileContents contents;
    private final Map<Tile, byte[]> read = new HashMap<>();

    /// Where tiles are read.
    @FunctionalInterface
    public interface TileContents {
        /// The content of a tile.
        ///
        /// @throws IOException also when the tile is missing
        byte[] read(Tile tile) throws IOException;
    }

    public TileHashes(long size, TileContents contents) {
        this.size = size;
        this.contents = contents;
    }

    @Override
    public Hash at(int level, long index) throws IOException {
        int within = level % LEVELS_PER_TILE;
        long first = index << within;
        Tile tile = Tile.in(size, level / LEVELS_PER_TILE, first / Tile.FULL)
                .orElseThrow(() -> new IllegalArgumentException("no such subtree in this tree"));
        return perfectRoot(hashes(tile), (int) (first % Tile.FULL), 1 << within);
    }

    private byte[] hashes(Tile tile) throws IOException {
        byte[] known = read.get(tile);
        if (known == null) {
            known = contents.read(tile);
            if (known.length != tile.width() * Hash.LENGTH) {
                throw new IOException(tile.path() + " has the wrong length");
            }
            read.put(tile, known);
        }
        return known;
    }

    /// The root over `count` (a power of two) neighbouring hashes.
    static Hash perfectRoot(byte[] hashes, int first, int count) {
        if (count == 1) {
            return Hash.at(hashes, first);
        }
        int half = count / 2;
        return Hash.node(perfectRoot(hashes, first, half), perfectRoot(hashes, first + half, half));
    }
}
