package dev.postern.tlog;

import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Looks at every file of a log whose tree is sound: old partial tiles must be the beginning of the tiles that replaced
/// them, and
/// nothing foreign may lie among them. Files beyond the checkpoint (a writer is at work, or crashed) say nothing yet.
final class FileCheck {

    private final Path log;
    private final long size;
    private final List<Inconsistency> found = new ArrayList<>();

    FileCheck(Path log, long size) {
        this.log = log;
        this.size = size;
    }

    List<Inconsistency> run() throws IOException {
        try (Stream<Path> files = Files.walk(log)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                check(log.relativize(file).toString());
            }
        }
        return found;
    }

    private void check(String path) throws IOException {
        if (path.equals(LogStorage.CHECKPOINT) || path.endsWith(LogDirectory.TEMPORARY)) {
            return;
        }
        Optional<Tile> tile = Tile.parse(path);
        if (tile.isEmpty()) {
            found.add(new Inconsistency(-1, path, "the file is not part of a log"));
            return;
        }
        Optional<Tile> current = Tile.in(size, tile.get().level(), tile.get().index());
        if (current.isPresent() && tile.get().width() < current.get().width()) {
            checkOlder(tile.get(), current.get());
        }
    }

    /// The writer may delete partial tiles while we look: what is gone is not wrong.
    private void checkOlder(Tile older, Tile current) throws IOException {
        byte[] part;
        try {
            part = Files.readAllBytes(log.resolve(older.path()));
        } catch (NoSuchFileException _) {
            return;
        }
        byte[] whole = Files.readAllBytes(log.resolve(current.path()));
        boolean rightLength = older.isEntries() || part.length == older.width() * Hash.LENGTH;
        if (!rightLength || part.length > whole.length || !Arrays.equals(part, Arrays.copyOf(whole, part.length))) {
            long first = older.index() << (8 * (Math.max(older.level(), 0) + 1));
            found.add(new Inconsistency(first, older.path(), "the partial tile is not the beginning of its successor"));
        }
    }
}
