package dev.postern.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/// Searches files for values as plain text, as UTF-16, and inside base64 at any alignment.
public final class DiskScan {
    private DiskScan() {}

    /// What was searched and where something was found.
    ///
    /// @param filesWithHits never the values themselves
    public record Finding(int files, long megabytes, List<Path> filesWithHits) {
        public Finding {
            filesWithHits = List.copyOf(filesWithHits);
        }
    }

    /// Reads every regular file below `directory` once.
    public static Finding of(Path directory, List<String> values) {
        List<byte[]> needles = values.stream().flatMap(DiskScan::forms).toList();
        List<Path> hits = new ArrayList<>();
        int files = 0;
        long bytes = 0;
        try {
            for (Path file : regularFiles(directory)) {
                byte[] content = read(file);
                files++;
                bytes += content.length;
                if (needles.stream().anyMatch(needle -> contains(content, needle))) {
                    hits.add(directory.relativize(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Finding(files, bytes / (1024 * 1024), hits);
    }

    private static Stream<byte[]> forms(String value) {
        byte[] plain = value.getBytes(StandardCharsets.UTF_8);
        Stream.Builder<byte[]> forms = Stream.builder();
        forms.add(plain);
        forms.add(value.getBytes(StandardCharsets.UTF_16LE));
        for (int shift = 0; shift < 3 && plain.length > 6; shift++) {
            // Only whole groups of three octets look the same wherever the value starts.
            int end = shift + (plain.length - shift) / 3 * 3;
            byte[] aligned = Arrays.copyOfRange(plain, shift, end);
            forms.add(Base64.getEncoder().encode(aligned));
        }
        return forms.build();
    }

    /// Services replace and remove files while we look: what vanishes is passed over.
    private static List<Path> regularFiles(Path directory) throws IOException {
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

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException _) {
            return new byte[0]; // services replace and remove files while we look
        }
    }

    private static boolean contains(byte[] content, byte[] needle) {
        byte first = needle[0];
        for (int i = 0; i <= content.length - needle.length; i++) {
            if (content[i] == first && matches(content, i, needle)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] content, int offset, byte[] needle) {
        for (int i = 1; i < needle.length; i++) {
            if (content[offset + i] != needle[i]) {
                return false;
            }
        }
        return true;
    }
}
