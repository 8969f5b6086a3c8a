package dev.postern.cli.audit;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.store.LogReader;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.Tile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Reads a log from its beginning to its end, and asks for the next files while one is looked at, so that a check does
/// not wait for the way to the server and back at each file. For one thread.
///
/// At most eight answers wait in memory.
final class LookAhead implements LogReader {
    private static final int AHEAD = 4;

    private final ServedFiles files;
    private final Map<String, ServedFiles.Asked> asked = new HashMap<>();
    private long size;

    LookAhead(ServedFiles files) {
        this.files = files;
    }

    @Override
    public Optional<byte[]> read(String path) {
        if (path.equals(LogStorage.CHECKPOINT)) {
            return checkpoint();
        }
        ServedFiles.Asked early = asked.remove(path);
        ServedFiles.Asked question = early == null ? files.ask(path) : early;
        Tile.parse(path).filter(tile -> tile.level() <= 0).ifPresent(this::askAhead);
        return files.answer(question);
    }

    private Optional<byte[]> checkpoint() {
        Optional<byte[]> checkpoint = files.read(LogStorage.CHECKPOINT);
        size = checkpoint
                .flatMap(note -> Checkpoint.parse(new String(note, StandardCharsets.UTF_8)))
                .map(Checkpoint::size)
                .orElse(0L);
        return checkpoint;
    }

    /// Of a tree of the claimed size: nobody has checked it yet, and no file beyond it is wanted.
    private void askAhead(Tile tile) {
        for (int i = 1; i <= AHEAD; i++) {
            Tile.in(size, tile.level(), tile.index() + i)
                    .map(Tile::path)
                    .ifPresent(path -> asked.computeIfAbsent(path, files::ask));
        }
    }
}
