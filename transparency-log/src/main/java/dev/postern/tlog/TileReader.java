package dev.postern.tlog;

import dev.postern.tlog.store.LogReader;
import dev.postern.tlog.tile.EntryBundle;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// Tiles of a log that a writer may be working on.
///
/// @param log  its files
record TileReader(LogReader log) {

    /// A partial tile may give way to its full form while we look: the wanted part is its beginning.
    Optional<byte[]> read(Tile tile) throws IOException {
        Optional<byte[]> exact = log.read(tile.path());
        if (exact.isPresent() || tile.isFull()) {
            return exact;
        }
        Optional<byte[]> full = log.read(tile.withWidth(Tile.FULL).path());
        return tile.isEntries()
                ? full.flatMap(EntryBundle::decode)
                        .filter(entries -> entries.size() == Tile.FULL)
                        .map(entries -> EntryBundle.encode(entries.subList(0, tile.width())))
                : full.filter(hashes -> hashes.length == Tile.FULL * Hash.LENGTH)
                        .map(hashes -> Arrays.copyOf(hashes, tile.width() * Hash.LENGTH));
    }
}
