package dev.postern.tlog;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.tile.EntryBundle;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tile.TreeEdge;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rebuilds the tree twice, from the entries and from the tiles of level 0, and holds both against the checkpoint.
///
/// Where entries and tiles disagree, the tree that has the checkpoint's root tells which of the two files is at fault.
final class TreeCheck {

    private final Path log;
    private final Checkpoint checkpoint;
    private final LeafVisitor visitor;
    private final TreeEdge fromEntries = new TreeEdge();
    private final TreeEdge fromTiles = new TreeEdge();
    private final List<Inconsistency> tilesAtFault = new ArrayList<>();
    private final List<Inconsistency> entriesAtFault = new ArrayList<>();

    TreeCheck(Path log, Checkpoint checkpoint, LeafVisitor visitor) {
        this.log = log;
        this.checkpoint = checkpoint;
        this.visitor = visitor;
    }

    long leaves() {
        return fromEntries.size();
    }

    Optional<Inconsistency> run() throws IOException {
        for (long i = 0; i * Tile.FULL < checkpoint.size(); i++) {
            Optional<Tile> bundle = Tile.in(checkpoint.size(), Tile.ENTRIES, i);
            Optional<Tile> tile = Tile.in(checkpoint.size(), 0, i);
            if (bundle.isPresent() && tile.isPresent()) {
                Optional<Inconsistency> unreadable = group(bundle.get(), tile.get());
                if (unreadable.isPresent()) {
                    return unreadable;
                }
            }
        }
        return verdict();
    }

    /// One bundle and the tile of its leaf hashes. An unreadable file ends the check: nothing after it can be placed.
    private Optional<Inconsistency> group(Tile bundle, Tile tile) throws IOException {
        long first = bundle.index() * Tile.FULL;
        Optional<byte[]> bundleBytes = read(bundle);
        Optional<byte[]> tileBytes = read(tile);
        if (bundleBytes.isEmpty()) {
            return Optional.of(new Inconsistency(first, bundle.path(), "the file is missing"));
        }
        if (tileBytes.isEmpty()) {
            return Optional.of(new Inconsistency(first, tile.path(), "the file is missing"));
        }
        if (tileBytes.get().length != tile.width() * Hash.LENGTH) {
            return Optional.of(new Inconsistency(first, tile.path(), "the file has the wrong length"));
        }
        Optional<List<byte[]>> entries =
                EntryBundle.decode(bundleBytes.get()).filter(list -> list.size() == bundle.width());
        if (entries.isEmpty()) {
            return Optional.of(new Inconsistency(first, bundle.path(), "the file is not a bundle of its width"));
        }
        for (int i = 0; i < bundle.width(); i++) {
            byte[] entry = entries.get().get(i);
            Hash leaf = Hash.leaf(entry);
            Hash stored = Hash.at(tileBytes.get(), i);
            if (!leaf.equals(stored)) {
                entriesAtFault.add(
                        new Inconsistency(first + i, bundle.path(), "the entry is not the one the tree holds"));
                tilesAtFault.add(new Inconsistency(first + i, tile.path(), "the hash is not the entry's"));
            }
            visitor.leaf(first + i, entry);
            fromTiles.append(stored, (_, _) -> {});
            fromEntries.append(leaf, this::compareUpper);
        }
        return Optional.empty();
    }

    private void compareUpper(Tile computed, byte[] content) throws IOException {
        if (computed.level() > 0) {
            compare(computed, content);
        }
    }

    private void compare(Tile computed, byte[] content) throws IOException {
        long first = computed.index() << (8 * (computed.level() + 1));
        Optional<byte[]> onDisk = read(computed);
        if (onDisk.isEmpty()) {
            tilesAtFault.add(new Inconsistency(first, computed.path(), "the file is missing"));
        } else if (!Arrays.equals(onDisk.get(), content)) {
            int different = Math.max(Arrays.mismatch(onDisk.get(), content), 0) / Hash.LENGTH;
            long index = first + ((long) different << (8 * computed.level()));
            tilesAtFault.add(new Inconsistency(index, computed.path(), "a hash is not its subtree's"));
        }
    }

    private Optional<Inconsistency> verdict() throws IOException {
        if (fromEntries.root().equals(checkpoint.root())) {
            for (Map.Entry<Tile, byte[]> partial : fromEntries.partials().entrySet()) {
                if (partial.getKey().level() > 0) {
                    compare(partial.getKey(), partial.getValue());
                }
            }
            return tilesAtFault.stream().min(Comparator.comparingLong(Inconsistency::index));
        }
        if (fromTiles.root().equals(checkpoint.root())) {
            return entriesAtFault.stream().findFirst();
        }
        return entriesAtFault.stream()
                .findFirst()
                .or(() -> Optional.of(new Inconsistency(
                        -1, "checkpoint", "entries and tiles agree with each other but not with the checkpoint")));
    }

    /// A partial tile may give way to its full form while we look: the wanted part is its beginning.
    private Optional<byte[]> read(Tile tile) throws IOException {
        Optional<byte[]> exact = TileFile.read(log, tile);
        if (exact.isPresent() || tile.isFull()) {
            return exact;
        }
        Optional<byte[]> full = TileFile.read(log, tile.withWidth(Tile.FULL));
        return tile.isEntries()
                ? full.flatMap(EntryBundle::decode)
                        .filter(entries -> entries.size() == Tile.FULL)
                        .map(entries -> EntryBundle.encode(entries.subList(0, tile.width())))
                : full.filter(hashes -> hashes.length == Tile.FULL * Hash.LENGTH)
                        .map(hashes -> Arrays.copyOf(hashes, tile.width() * Hash.LENGTH));
    }
}
