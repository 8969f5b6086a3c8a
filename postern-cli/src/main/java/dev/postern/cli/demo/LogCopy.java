package dev.postern.cli.demo;

import dev.postern.cli.home.Directories;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.LogWalk;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A copy of an audit log that is being written, for tampering with. Removed in the end.
///
/// Checkpoints are copied first: what they cover is on the disk by then, and stays.
final class LogCopy implements AutoCloseable {
    private final Path root;

    private LogCopy(Path root) {
        this.root = root;
    }

    /// @param audit holds `log/` and `vkeys/`
    static LogCopy of(Path audit) throws IOException {
        LogCopy copy = new LogCopy(Files.createTempDirectory("postern-audit-"));
        try {
            for (Path checkpoint : files(audit, true)) {
                copy.take(audit, checkpoint);
            }
            for (Path file : files(audit, false)) {
                copy.take(audit, file);
            }
            return copy;
        } catch (IOException | RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    private static List<Path> files(Path audit, boolean checkpoints) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String part : List.of("log", "vkeys")) {
            LogWalk.walk(audit.resolve(part), file -> {
                if (file.endsWith(LogStorage.CHECKPOINT) == checkpoints) {
                    found.add(file);
                }
            });
        }
        return found;
    }

    /// A partial tile may have given way to its full form meanwhile.
    private void take(Path audit, Path file) throws IOException {
        Path target = root.resolve(audit.relativize(file).toString());
        Files.createDirectories(target.resolveSibling("."));
        try {
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException _) {
            Files.deleteIfExists(target);
        }
    }

    Path root() {
        return root;
    }

    Path log() {
        return root.resolve("log");
    }

    /// Every log in it, by origin.
    List<String> origins() throws IOException {
        try (Stream<Path> all = Files.walk(log())) {
            return all.filter(file -> file.endsWith(LogStorage.CHECKPOINT))
                    .map(file -> log().relativize(file.resolveSibling(".").normalize())
                            .toString())
                    .sorted()
                    .toList();
        }
    }

    /// The tiles, and the bundles, of a log that its checkpoint covers.
    List<Tile> tiles(String origin) throws IOException {
        Path directory = log().resolve(origin);
        long size = Checkpoint.parse(Files.readString(directory.resolve(LogStorage.CHECKPOINT)))
                .map(Checkpoint::size)
                .orElse(0L);
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .flatMap(file -> Tile.parse(directory.relativize(file).toString()).stream())
                    .filter(tile -> covered(tile, size))
                    .toList();
        }
    }

    private static boolean covered(Tile tile, long size) {
        Optional<Tile> current = Tile.in(size, tile.level(), tile.index());
        return current.isPresent() && tile.width() <= current.get().width();
    }

    @Override
    public void close() throws IOException {
        Directories.delete(root);
    }
}
