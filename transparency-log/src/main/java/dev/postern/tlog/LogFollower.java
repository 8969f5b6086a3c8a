package dev.postern.tlog;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogReader;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tile.EntryBundle;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tile.TreeEdge;
import dev.postern.tlog.tree.Hash;
import dev.postern.tlog.tree.ProofCheck;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Checks a growing log bit by bit: everything once, as it is published, and what was checked earlier by samples.
///
/// Guarantee: a checkpoint that [#verified] gives is signed by the key, its root is that of the entries as they were
/// read, and it continues every one that was verified before. Non-guarantee: what was checked may be altered
/// afterwards; a sample finds it when it hits it.
///
/// For one thread. Memory does not grow with the log. At a fault it stops, and looks there again when it is called
/// again; only a wrong tile above the leaves is told of once, and passed.
public final class LogFollower {

    private final LogReader log;
    private final TileReader files;
    private final NoteVerifier key;
    private final TreeEdge edge = new TreeEdge();
    private @Nullable Checkpoint target;
    private @Nullable Checkpoint verified;

    public LogFollower(LogReader log, NoteVerifier key) {
        this.log = log;
        this.files = new TileReader(log);
        this.key = key;
    }

    /// The latest checkpoint that everything was found to agree with.
    public Optional<Checkpoint> verified() {
        return Optional.ofNullable(verified);
    }

    /// Entries that were read and hashed.
    public long entries() {
        return edge.size();
    }

    /// Checks what was published since, up to so many bundles.
    ///
    /// @return what is wrong, if something is
    public Optional<Inconsistency> follow(int bundles) throws IOException {
        Checkpoint goal = target;
        if (goal == null) {
            Optional<byte[]> note = log.read(LogStorage.CHECKPOINT);
            Optional<Checkpoint> next = note.flatMap(bytes -> Checkpoint.open(bytes, key));
            if (next.isEmpty()) {
                return fault("there is no checkpoint that is signed by the log's key");
            }
            goal = next.get();
            Checkpoint before = verified;
            if (before != null && goal.size() < before.size()) {
                return fault("the log had " + before.size() + " entries and has " + goal.size() + ": it was cut back");
            }
            target = goal;
        }
        for (int i = 0; i < bundles && edge.size() < goal.size(); i++) {
            Optional<Inconsistency> wrong = bundle(goal, edge.size() / Tile.FULL);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return edge.size() < goal.size() ? Optional.empty() : reached(goal);
    }

    private Optional<Inconsistency> reached(Checkpoint goal) throws IOException {
        if (!edge.root().equals(goal.root())) {
            target = null;
            return fault("the checkpoint is not that of the " + goal.size() + " entries");
        }
        for (Map.Entry<Tile, byte[]> partial : edge.partials().entrySet()) {
            Tile tile = partial.getKey();
            if (tile.level() > 0) {
                Optional<Inconsistency> wrong = compare(tile, partial.getValue());
                if (wrong.isPresent()) {
                    return wrong;
                }
            }
        }
        verified = goal;
        target = null;
        return Optional.empty();
    }

    /// A bundle, all of it compared with its tile; entries that are new go into the tree.
    private Optional<Inconsistency> bundle(Checkpoint goal, long index) throws IOException {
        Tile bundle = Tile.in(goal.size(), Tile.ENTRIES, index).orElseThrow();
        Tile tile = Tile.in(goal.size(), 0, index).orElseThrow();
        long first = index * Tile.FULL;
        Optional<List<byte[]>> entries =
                files.read(bundle).flatMap(EntryBundle::decode).filter(list -> list.size() == bundle.width());
        if (entries.isEmpty()) {
            return Optional.of(
                    new Inconsistency(first, bundle.path(), "the file is missing, or not a bundle of its width"));
        }
        Optional<byte[]> hashes = files.read(tile).filter(bytes -> bytes.length == tile.width() * Hash.LENGTH);
        if (hashes.isEmpty()) {
            return Optional.of(new Inconsistency(first, tile.path(), "the file is missing, or of the wrong length"));
        }
        UpperTiles upper = new UpperTiles();
        for (int i = 0; i < bundle.width(); i++) {
            Hash leaf = Hash.leaf(entries.get().get(i));
            if (!leaf.equals(Hash.at(hashes.get(), i))) {
                return Optional.of(
                        new Inconsistency(first + i, bundle.path(), "the entry is not the one the tree holds"));
            }
            if (first + i >= edge.size()) {
                edge.append(leaf, upper);
            }
        }
        return Optional.ofNullable(upper.fault);
    }

    /// Compares tiles above the leaves as they become full.
    private final class UpperTiles implements TreeEdge.FullTiles {
        private @Nullable Inconsistency fault;

        @Override
        public void full(Tile tile, byte[] content) throws IOException {
            if (tile.level() > 0 && fault == null) {
                fault = compare(tile, content).orElse(null);
            }
        }
    }

    private Optional<Inconsistency> compare(Tile computed, byte[] content) throws IOException {
        Optional<byte[]> found = files.read(computed);
        if (found.filter(bytes -> Arrays.equals(bytes, content)).isPresent()) {
            return Optional.empty();
        }
        long first = computed.index() << (8 * (computed.level() + 1));
        return Optional.of(
                new Inconsistency(first, computed.path(), "the file is missing, or not that of the entries"));
    }

    /// Reads a bundle of the verified tree again, its tile, and the tiles up to the root.
    ///
    /// @param leaf  any entry in that bundle
    /// @throws IllegalArgumentException when it is not in the verified tree
    public Optional<Inconsistency> sample(long leaf) throws IOException {
        Checkpoint tree = verified;
        if (tree == null || leaf < 0 || leaf >= tree.size()) {
            throw new IllegalArgumentException("no such entry in the verified tree");
        }
        long index = leaf / Tile.FULL;
        Tile bundle = Tile.in(tree.size(), Tile.ENTRIES, index).orElseThrow();
        Optional<List<byte[]>> entries =
                files.read(bundle).flatMap(EntryBundle::decode).filter(list -> list.size() == bundle.width());
        if (entries.isEmpty()) {
            return Optional.of(new Inconsistency(
                    index * Tile.FULL, bundle.path(), "the file is missing, or not a bundle of its width"));
        }
        Tile tile = Tile.in(tree.size(), 0, index).orElseThrow();
        byte[] hashes = files.read(tile).orElse(new byte[0]);
        for (int i = 0; i < bundle.width(); i++) {
            Hash entry = Hash.leaf(entries.get().get(i));
            if (hashes.length != tile.width() * Hash.LENGTH || !entry.equals(Hash.at(hashes, i))) {
                return Optional.of(new Inconsistency(
                        index * Tile.FULL + i, bundle.path(), "the entry and its hash in " + tile.path() + " differ"));
            }
        }
        return path(tree, leaf, Hash.at(hashes, (int) (leaf % Tile.FULL)));
    }

    private Optional<Inconsistency> path(Checkpoint tree, long leaf, Hash hash) {
        try {
            List<Hash> proof = TiledLog.proofs(log, tree.size()).inclusion(leaf, tree.size());
            if (ProofCheck.included(leaf, tree.size(), hash, proof, tree.root())) {
                return Optional.empty();
            }
        } catch (IOException _) {
            // A tile that is missing, or of the wrong length: the same fault.
        }
        return Optional.of(new Inconsistency(leaf, "tile", "the tiles above the entry do not lead to the root"));
    }

    private static Optional<Inconsistency> fault(String what) {
        return Optional.of(new Inconsistency(-1, LogStorage.CHECKPOINT, what));
    }
}
