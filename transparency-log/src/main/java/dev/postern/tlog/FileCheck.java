package dev.postern.tlog;

import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.LogWalk;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Looks at every file of a log whose tree is sound: old partial tiles must be the beginning of the tiles that replaced
/// them, and nothing foreign may lie among them. Files beyond the checkpoint (a writer is at work, or crashed) say
/// nothing yet, and files that go while we look are not missed.
final class FileCheck {

    private final Path log;
    private final LogFiles files;
    private final long size;
    private final List<Inconsistency> found = new ArrayList<>();

    FileCheck(Path log, long size) {
        this.log = log;
        this.files = new LogFiles(log);
        this.size = size;
    }

    List<Inconsistency> run() throws IOException {
        LogWalk.walk(log, file -> check(log.relativize(file).toString()));
        return found;
    }

    private void check(String path) throws IOException {
        if (path.equals(LogStorage.CHECKPOINT)) {
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

    private void checkOlder(Tile older, Tile current) throws IOException {
        Optional<byte[]> part = files.read(older.path());
        Optional<byte[]> whole = files.read(current.path());
        if (whole.isEmpty()) {
            whole = files.read(current.withWidth(Tile.FULL).path());
        }
        if (part.isEmpty() || whole.isEmpty()) {
            return;
        }
        int length = part.get().length;
        boolean rightLength = older.isEntries() || length == older.width() * Hash.LENGTH;
        if (!rightLength
                || length > whole.get().length
                || !Arrays.equals(part.get(), Arrays.copyOf(whole.get(), length))) {
            long first = older.index() << (8 * (Math.max(older.level(), 0) + 1));
            found.add(new Inconsistency(first, older.path(), "the partial tile is not the beginning of its successor"));
        }
    }
}
