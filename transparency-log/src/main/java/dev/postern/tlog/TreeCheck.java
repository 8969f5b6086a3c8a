package dev.postern.tlog;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.store.LogReader;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.EntryBundle;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tile.TreeEdge;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Rebuilds the tree from the entries, and from the tiles of level 0 as soon as these differ, and holds both against
/// the checkpoint. One bundle and a few tiles are in memory at a time.
///
/// Where entries and tiles disagree, the tree that has the checkpoint's root tells which of the two files is at fault.
final class TreeCheck {

    private final TileReader files;
    private final Checkpoint checkpoint;
    private final Growth growth;
    private final LeafVisitor visitor;
    private final TreeEdge fromEntries = new TreeEdge();
    /// The tree that the tiles claim; null as long as it is the same.
    private @Nullable TreeEdge fromTiles;

    private @Nullable Inconsistency tileAtFault;
    private @Nullable Inconsistency entryAtFault;

    TreeCheck(LogReader log, Checkpoint checkpoint, Growth growth, LeafVisitor visitor) {
        this.files = new TileReader(log);
        this.checkpoint = checkpoint;
        this.growth = growth;
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
        Optional<byte[]> bundleBytes = files.read(bundle);
        Optional<byte[]> tileBytes = files.read(tile);
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
                differ(first + i, bundle, tile);
            }
            visitor.leaf(first + i, entry);
            append(leaf, stored);
        }
        return Optional.empty();
    }

    private void differ(long index, Tile bundle, Tile tile) {
        if (fromTiles == null) {
            fromTiles = fromEntries.copy();
        }
        if (entryAtFault == null) {
            entryAtFault = new Inconsistency(index, bundle.path(), "the entry is not the one the tree holds");
        }
        tileAtFault(new Inconsistency(index, tile.path(), "the hash is not the entry's"));
    }

    private void append(Hash leaf, Hash stored) throws IOException {
        if (fromTiles != null) {
            fromTiles.append(stored, (_, _) -> {});
        }
        fromEntries.append(leaf, this::compareUpper);
        if (growth.endsAt(fromEntries.size())) {
            growth.rootThen(fromEntries.size(), fromEntries.root());
        }
    }

    /// The first fault by index counts.
    private void tileAtFault(Inconsistency fault) {
        if (tileAtFault == null || fault.index() < tileAtFault.index()) {
            tileAtFault = fault;
        }
    }

    private void compareUpper(Tile computed, byte[] content) throws IOException {
        if (computed.level() > 0) {
            compare(computed, content);
        }
    }

    private void compare(Tile computed, byte[] content) throws IOException {
        long first = computed.index() << (8 * (computed.level() + 1));
        Optional<byte[]> found = files.read(computed);
        if (found.isEmpty()) {
            tileAtFault(new Inconsistency(first, computed.path(), "the file is missing"));
        } else if (!Arrays.equals(found.get(), content)) {
            int different = Math.max(Arrays.mismatch(found.get(), content), 0) / Hash.LENGTH;
            long index = first + ((long) different << (8 * computed.level()));
            tileAtFault(new Inconsistency(index, computed.path(), "a hash is not its subtree's"));
        }
    }

    private Optional<Inconsistency> verdict() throws IOException {
        if (fromEntries.root().equals(checkpoint.root())) {
            for (Map.Entry<Tile, byte[]> partial : fromEntries.partials().entrySet()) {
                if (partial.getKey().level() > 0) {
                    compare(partial.getKey(), partial.getValue());
                }
            }
            return Optional.ofNullable(tileAtFault);
        }
        Inconsistency first = entryAtFault;
        if (first == null || fromTiles == null) {
            return Optional.of(new Inconsistency(
                    -1, LogStorage.CHECKPOINT, "entries and tiles agree with each other but not with the checkpoint"));
        }
        return Optional.of(
                fromTiles.root().equals(checkpoint.root())
                        ? first
                        : new Inconsistency(
                                first.index(),
                                first.path(),
                                "entry and tile differ, and neither's tree is the checkpoint's"));
    }
}
