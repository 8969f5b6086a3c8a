package dev.postern.audit.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The directory of one spool, locked against other processes: `state`, `<first sequence>.spool`, `quarantine/`.
final class SpoolDirectory implements Closeable {

    private static final String SUFFIX = ".spool";
    private static final int DIGITS = 20;

    private final Path path;
    private final FileChannel lock;

    private SpoolDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /// Makes the directory if needed and locks it.
    ///
    /// @throws IOException also when another process holds the directory
    static SpoolDirectory open(Path path) throws IOException {
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        FileChannel lock = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
        } catch (OverlappingFileLockException e) {
            lock.close();
            throw new IOException("another process owns the audit spool " + path, e);
        }
        return new SpoolDirectory(path, lock);
    }

    Path segment(long first) {
        return path.resolve(String.format("%0" + DIGITS + "d", first) + SUFFIX);
    }

    /// Every segment file by the first number in its name.
    SortedMap<Long, Path> segments() throws IOException {
        TreeMap<Long, Path> segments = new TreeMap<>();
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = String.valueOf(file.getFileName());
                if (name.matches("[0-9]{" + DIGITS + "}\\" + SUFFIX)) {
                    segments.put(Long.parseLong(name.substring(0, DIGITS)), file);
                }
            }
        }
        return segments;
    }

    Optional<byte[]> readState() throws IOException {
        Path state = path.resolve("state");
        return Files.exists(state) ? Optional.of(Files.readAllBytes(state)) : Optional.empty();
    }

    /// Atomic. Not yet safe against power loss: [#force] makes it so.
    void writeState(byte[] state, Durability durability) throws IOException {
        replace(path.resolve("state"), ByteBuffer.wrap(state), durability);
    }

    /// Whether a replaced file must survive a loss of power, or only a crash of the process.
    enum Durability {
        POWER_LOSS,
        PROCESS_CRASH
    }

    /// Keeps a damaged file for whoever investigates, then puts the readable rest in its place.
    void quarantine(Path segment, ByteBuffer readable) throws IOException {
        Path kept = Files.createDirectories(path.resolve("quarantine")).resolve(String.valueOf(segment.getFileName()));
        Files.copy(segment, kept, StandardCopyOption.REPLACE_EXISTING);
        forceFile(kept);
        replace(segment, readable, Durability.POWER_LOSS);
    }

    /// Cuts what a crash left unfinished.
    void truncate(Path segment, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(length);
            channel.force(true);
        }
    }

    private void replace(Path target, ByteBuffer content, Durability durability) throws IOException {
        Path temporary = path.resolve(target.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            if (durability == Durability.POWER_LOSS) {
                channel.force(true);
            }
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (durability == Durability.POWER_LOSS) {
            force();
        }
    }

    private static void forceFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /// Makes names created, moved and deleted so far survive a loss of power.
    void force() throws IOException {
        try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
