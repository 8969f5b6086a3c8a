package dev.postern.cli.home;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/// Files and directories that only their owner may enter: 0600 and 0700 from the moment they exist.
public final class PrivateFiles {
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private PrivateFiles() {}

    public static Path directory(Path directory) {
        try {
            return Files.createDirectories(directory, DIRECTORY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Replaces the file in one step: readers see the old content or the new one. Nothing is left of what could not be
    /// written whole, such as on a full disk.
    public static void write(Path file, String content) {
        replace(file, fresh -> Files.writeString(fresh, content, StandardCharsets.UTF_8));
    }

    /// Makes an empty file, for what is written later.
    ///
    /// @return false when there is one already, which is left as it is
    public static boolean create(Path file) {
        try {
            directory(parentOf(file));
            Files.createFile(file, FILE);
            return true;
        } catch (FileAlreadyExistsException _) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Removes a file, if there is one.
    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An empty log file, kept when it exists.
    public static Path log(Path file) {
        try {
            directory(parentOf(file));
            if (!Files.exists(file)) {
                Files.createFile(file, FILE);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Copies a program, executable for its owner only.
    public static void program(Path file, byte[] content) {
        replace(file, fresh -> {
            Files.write(fresh, content);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
        });
    }

    /// Fills a file.
    @FunctionalInterface
    private interface Content {
        void writeTo(Path fresh) throws IOException;
    }

    /// Leaves nothing of what could not be written whole.
    private static void replace(Path file, Content content) {
        try {
            Path directory = directory(parentOf(file));
            Path fresh = Files.createTempFile(directory, "." + file.getFileName(), ".new", FILE);
            try {
                content.writeTo(fresh);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                // Once moved it is not there.
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path parentOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
    }
}
