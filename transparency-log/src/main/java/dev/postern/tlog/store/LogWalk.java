package dev.postern.tlog.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// Walks the files of logs that are written meanwhile: one that vanishes (a partial tile that gave way to its full
/// form)
/// is passed over, and so are temporary ones.
public final class LogWalk {
    /// Sees one file.
    @FunctionalInterface
    public interface Visitor {
        void file(Path file) throws IOException;
    }

    private LogWalk() {}

    /// Shows every file below a directory.
    ///
    /// @throws IOException as the visitor does, or when a directory cannot be read
    public static void walk(Path directory, Visitor visitor) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.toString().endsWith(LogDirectory.TEMPORARY)) {
                    visitor.file(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                return goneOr(failure);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                return failure == null ? FileVisitResult.CONTINUE : goneOr(failure);
            }
        });
    }

    private static FileVisitResult goneOr(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
