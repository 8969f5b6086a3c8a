package dev.postern.tlog.tile;

import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The right edge of a growing tree: the unfinished tile of every level. All there is to know in order to append.
///
/// For one thread. Appending a leaf costs one hash to store, and amortised one hash to compute.
public final class TreeEdge {

    private final List<OpenTile> levels = new ArrayList<>();
    private long size;

    /// Receives tiles as they become full.
    @FunctionalInterface
    public interface FullTiles {
        void full(Tile tile, byte[] content) throws IOException;
    }

    /// The edge of a tree with `size` leaves.
    public static TreeEdge load(long size, TileHashes.TileContents contents) throws IOException {
        TreeEdge edge = new TreeEdge();
        edge.size = size;
        for (int level = 0; size >>> (8 * level) > 0; level++) {
            long hashes = size >>> (8 * level);
            OpenTile open = edge.level(level);
            open.index = hashes / Tile.FULL;
            open.count = (int) (hashes % Tile.FULL);
            if (open.count > 0) {
                byte[] content = contents.read(new Tile(level, open.index, open.count));
                if (content.length != open.count * Hash.LENGTH) {
                    throw new IOException("a tile on the edge of the tree has the wrong length");
                }
                System.arraycopy(content, 0, open.hashes, 0, content.length);
            }
        }
        return edge;
    }

    public long size() {
        return size;
    }

    /// An edge that grows on from here by itself.
    public TreeEdge copy() {
        TreeEdge copy = new TreeEdge();
        copy.size = size;
        for (int level = 0; level < levels.size(); level++) {
            OpenTile open = copy.level(level);
            open.index = levels.get(level).index;
            open.count = levels.get(level).count;
            System.arraycopy(levels.get(level).hashes, 0, open.hashes, 0, open.hashes.length);
        }
        return copy;
    }

    public void append(Hash leaf, FullTiles fullTiles) throws IOException {
        Hash hash = leaf;
        for (int level = 0; ; level++) {
            OpenTile open = level(level);
            System.arraycopy(hash.bytes(), 0, open.hashes, open.count * Hash.LENGTH, Hash.LENGTH);
            open.count++;
            if (open.count < Tile.FULL) {
                break;
            }
            byte[] content = open.hashes.clone();
            fullTiles.full(new Tile(level, open.index, Tile.FULL), content);
            hash = TileHashes.perfectRoot(content, 0, Tile.FULL);
            open.index++;
            open.count = 0;
        }
        size++;
    }

    /// The root of the tree as it is now.
    public Hash root() {
        List<Hash> peaks = new ArrayList<>();
        for (OpenTile open : levels.reversed()) {
            int first = 0;
            for (int width = Tile.FULL / 2; width > 0; width /= 2) {
                if ((open.count & width) != 0) {
                    peaks.add(TileHashes.perfectRoot(open.hashes, first, width));
                    first += width;
                }
            }
        }
        return peaks.reversed().stream()
                .reduce((right, left) -> Hash.node(left, right))
                .orElse(Hash.EMPTY);
    }

    /// The unfinished tiles as they are now, lowest level first.
    public Map<Tile, byte[]> partials() {
        Map<Tile, byte[]> partials = new LinkedHashMap<>();
        for (int level = 0; level < levels.size(); level++) {
            OpenTile open = levels.get(level);
            if (open.count > 0) {
                partials.put(
                        new Tile(level, open.index, open.count), Arrays.copyOf(open.hashes, open.count * Hash.LENGTH));
            }
        }
        return partials;
    }

    private OpenTile level(int level) {
        while (levels.size() <= level) {
            levels.add(new OpenTile());
        }
        return levels.get(level);
    }

    private static final class OpenTile {
        private final byte[] hashes = new byte[Tile.FULL * Hash.LENGTH];
        private long index;
        private int count;
    }
}
