package dev.postern.tlog.store;

import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/// A log's files in a directory of a POSIX file system: write a temporary file, force it, link or rename it, force the
/// directory.
public final class LogDirectory implements LogStorage {

    /// The end of temporary names: leftovers of a crash, not part of the log.
    public static final String TEMPORARY = ".tmp";

    private final Path root;

    public LogDirectory(Path root) {
        this.root = root;
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(root.resolve(path)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        Path target = root.resolve(path);
        if (Files.exists(target)) {
            expectIdentical(target, content);
            return;
        }
        Path temporary = write(target, content);
        try {
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException _) {
            expectIdentical(target, content);
        }
        Files.delete(temporary);
        force(parent(target));
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        Path target = root.resolve(path);
        Path temporary = write(target, content);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(parent(target));
    }

    /// Not forced: partial files that come back after a loss of power are still right.
    @Override
    public void deletePartials(Tile full) throws IOException {
        Path partials = root.resolve(full.partialsPath());
        if (!Files.isDirectory(partials)) {
            return;
        }
        try (Stream<Path> files = Files.list(partials)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(partials);
    }

    private static void expectIdentical(Path target, byte[] content) throws IOException {
        if (!Arrays.equals(Files.readAllBytes(target), content)) {
            throw new IOException("refusing to change " + target.getFileName() + ": published files never change");
        }
    }

    private Path write(Path target, byte[] content) throws IOException {
        makeDirectories(parent(target));
        Path temporary = target.resolveSibling(target.getFileName() + TEMPORARY);
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        return temporary;
    }

    /// A new directory is durable once its parent is forced.
    private static void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = parent(directory);
        makeDirectories(parent);
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException _) {
            // Someone was faster; it is there.
        }
        force(parent);
    }

    private static Path parent(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("a log does not live in the root directory");
        }
        return parent;
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
