package dev.postern.tlog.store;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.tile.EntryBundle;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tile.TileHashes;
import dev.postern.tlog.tile.TreeEdge;
import dev.postern.tlog.tree.Hash;
import dev.postern.tlog.tree.MerkleProofs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A log that grows: entries go in, tiles and signed checkpoints come out.
///
/// Guarantee: everything a checkpoint commits to is on disk before the checkpoint is; a checkpoint never shrinks or
/// forks the one
/// before, crashes included, if after a crash the same entries are appended again from the published size on.
/// Non-guarantee: [#append] alone makes nothing durable; the caller's write-ahead log does.
///
/// For one thread. After any exception this object must not be used again: open the log anew.
public final class TiledLog {

    private final LogStorage storage;
    private final NoteSigner signer;
    private final TreeEdge edge;
    private final List<byte[]> openBundle;
    private final List<Tile> filled = new ArrayList<>();
    private Checkpoint published;

    private TiledLog(
            LogStorage storage, NoteSigner signer, TreeEdge edge, List<byte[]> openBundle, Checkpoint published) {
        this.storage = storage;
        this.signer = signer;
        this.edge = edge;
        this.openBundle = openBundle;
        this.published = published;
    }

    /// Opens the log at its published size; publishes the empty tree if there is nothing yet.
    ///
    /// @throws IOException also when the checkpoint is not this signer's, or the tiles do not have its root
    public static TiledLog open(LogStorage storage, NoteSigner signer) throws IOException {
        byte[] note = storage.read(LogStorage.CHECKPOINT).orElse(null);
        if (note == null) {
            TiledLog empty = new TiledLog(
                    storage,
                    signer,
                    new TreeEdge(),
                    new ArrayList<>(),
                    new Checkpoint(signer.verifier().name(), 0, Hash.EMPTY));
            empty.publishCheckpoint(empty.published);
            return empty;
        }
        Checkpoint checkpoint = Checkpoint.open(note, signer.verifier())
                .orElseThrow(() -> new IOException("the log's checkpoint is not signed by this log's key"));
        TreeEdge edge = TreeEdge.load(checkpoint.size(), tile -> content(storage, tile));
        if (!edge.root().equals(checkpoint.root())) {
            throw new IOException("the log's tiles do not have the root of its checkpoint");
        }
        return new TiledLog(storage, signer, edge, openBundle(storage, checkpoint.size()), checkpoint);
    }

    private static List<byte[]> openBundle(LogStorage storage, long size) throws IOException {
        int width = (int) (size % Tile.FULL);
        return width == 0 ? new ArrayList<>() : entries(storage, new Tile(Tile.ENTRIES, size / Tile.FULL, width));
    }

    private static byte[] content(LogReader storage, Tile tile) throws IOException {
        return storage.read(tile.path()).orElseThrow(() -> new IOException("the log lacks " + tile.path()));
    }

    private static List<byte[]> entries(LogStorage storage, Tile bundle) throws IOException {
        return EntryBundle.decode(content(storage, bundle))
                .filter(entries -> entries.size() == bundle.width())
                .orElseThrow(() -> new IOException(bundle.path() + " is not a bundle of its width"));
    }

    /// Leaves appended, published or not.
    public long size() {
        return edge.size();
    }

    public Checkpoint published() {
        return published;
    }

    /// Adds one entry. Full bundles and tiles are written at once, so memory stays bounded.
    public void append(byte[] entry) throws IOException {
        openBundle.add(entry);
        if (openBundle.size() == Tile.FULL) {
            Tile bundle = new Tile(Tile.ENTRIES, edge.size() / Tile.FULL, Tile.FULL);
            storage.create(bundle.path(), EntryBundle.encode(openBundle));
            filled.add(bundle);
            openBundle.clear();
        }
        edge.append(Hash.leaf(entry), (tile, content) -> {
            storage.create(tile.path(), content);
            filled.add(tile);
        });
    }

    /// Writes what is unfinished, then the checkpoint over everything appended.
    public Checkpoint publish() throws IOException {
        if (published.size() == edge.size()) {
            return published;
        }
        if (!openBundle.isEmpty()) {
            Tile bundle = new Tile(Tile.ENTRIES, edge.size() / Tile.FULL, openBundle.size());
            storage.create(bundle.path(), EntryBundle.encode(openBundle));
        }
        for (Map.Entry<Tile, byte[]> partial : edge.partials().entrySet()) {
            storage.create(partial.getKey().path(), partial.getValue());
        }
        Checkpoint checkpoint = new Checkpoint(published.origin(), edge.size(), edge.root());
        publishCheckpoint(checkpoint);
        published = checkpoint;
        for (Tile tile : filled) {
            storage.deletePartials(tile);
        }
        filled.clear();
        return checkpoint;
    }

    private void publishCheckpoint(Checkpoint checkpoint) throws IOException {
        storage.replace(LogStorage.CHECKPOINT, signer.sign(checkpoint).getBytes(StandardCharsets.UTF_8));
    }

    /// Proofs over a published tree, from its tiles. Independent of the writer: any thread may make and use one.
    public static MerkleProofs proofs(LogReader storage, long size) {
        return new MerkleProofs(new TileHashes(size, tile -> published(storage, tile)));
    }

    /// One entry of a published tree with `size` leaves.
    public static byte[] entry(LogStorage storage, long index, long size) throws IOException {
        return bundle(storage, index / Tile.FULL, size).get((int) (index % Tile.FULL));
    }

    /// The entries of one bundle of a published tree with `size` leaves.
    public static List<byte[]> bundle(LogStorage storage, long bundle, long size) throws IOException {
        Tile tile = Tile.in(size, Tile.ENTRIES, bundle)
                .orElseThrow(() -> new IllegalArgumentException("no such bundle in this tree"));
        return EntryBundle.decode(published(storage, tile))
                .filter(entries -> entries.size() >= tile.width())
                .orElseThrow(() -> new IOException(tile.path() + " is not a bundle of its width"));
    }

    /// The file of exactly this tile of a published tree, also where a wider one has taken its place since.
    ///
    /// @throws IOException also when it is not there
    public static byte[] file(LogReader storage, Tile tile) throws IOException {
        byte[] published = published(storage, tile);
        if (!tile.isEntries() || tile.isFull()) {
            return published;
        }
        return EntryBundle.decode(published)
                .filter(entries -> entries.size() >= tile.width())
                .map(entries -> EntryBundle.encode(entries.subList(0, tile.width())))
                .orElseThrow(() -> new IOException(tile.path() + " is not a bundle of its width"));
    }

    /// A partial tile may have given way to its full form since the checkpoint was read; the wanted part is its
    /// beginning.
    private static byte[] published(LogReader storage, Tile tile) throws IOException {
        byte[] exact = storage.read(tile.path()).orElse(null);
        if (exact != null || tile.isFull()) {
            return exact == null ? content(storage, tile) : exact;
        }
        byte[] full = content(storage, tile.withWidth(Tile.FULL));
        return tile.isEntries() ? full : Arrays.copyOf(full, tile.width() * Hash.LENGTH);
    }
}
