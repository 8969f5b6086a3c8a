package dev.postern.kms;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file that is replaced in one durable step: a reader, and a start after a crash, sees the old content or the
/// new one whole. One writer at a time: the caller's duty.
public final class DurableFile {
    /// Who may read it. The directory is made for the owner alone in any case.
    public enum Audience {
        OWNER("rw-------"),
        EVERYBODY("rw-r--r--");

        private final String permissions;

        Audience(String permissions) {
            this.permissions = permissions;
        }

        FileAttribute<Set<PosixFilePermission>> attribute() {
            return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
        }
    }

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path file;
    private final Audience audience;

    public DurableFile(Path file, Audience audience) {
        this.file = file.toAbsolutePath();
        this.audience = audience;
    }

    public Path path() {
        return file;
    }

    /// On return the content is on disk under its name.
    public void replace(byte[] content) throws IOException {
        Path directory = directory();
        Files.createDirectories(directory, PRIVATE_DIRECTORY);
        Path temporary = directory.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, audience.attribute());
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        // The rename itself is durable only once the directory is.
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Path directory() {
        Path directory = file.getParent();
        if (directory == null) {
            throw new IllegalArgumentException("a durable file lies in a directory");
        }
        return directory;
    }
}
