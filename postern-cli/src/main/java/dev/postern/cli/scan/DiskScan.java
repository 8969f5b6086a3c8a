package dev.postern.cli.scan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// Searches files for values in the forms of [Needles].
public final class DiskScan {
    private DiskScan() {}

    /// What was searched and where something was found.
    ///
    /// @param hits never the values themselves
    public record Finding(int files, long megabytes, List<Hit> hits) {
        public Finding {
            hits = List.copyOf(hits);
        }

        public List<Path> filesWithHits() {
            return hits.stream().map(Hit::file).toList();
        }
    }

    /// The first find in a file.
    ///
    /// @param file below the directory
    public record Hit(Path file, int offset) {}

    /// Reads every regular file below `directory` once.
    public static Finding of(Path directory, List<String> values) {
        Needles needles = Needles.of(values);
        List<Hit> hits = new ArrayList<>();
        int files = 0;
        long bytes = 0;
        try {
            for (Path file : regularFiles(directory)) {
                byte[] content = read(file);
                files++;
                bytes += content.length;
                needles.firstIn(content).ifPresent(offset -> hits.add(new Hit(directory.relativize(file), offset)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Finding(files, bytes / (1024 * 1024), hits);
    }

    /// Services replace and remove files while we look: what vanishes is passed over.
    public static List<Path> regularFiles(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        return files;
    }

    /// The whole file; empty when it has vanished.
    public static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException _) {
            return new byte[0]; // services replace and remove files while we look
        }
    }
}
