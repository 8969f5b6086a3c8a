package dev.postern.tlog;

import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// A tile of a log directory that a writer may be working on.
final class TileFile {

    private TileFile() {}

    static Optional<byte[]> read(Path log, Tile tile) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(log.resolve(tile.path())));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
