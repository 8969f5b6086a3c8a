package dev.postern.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files of the checkout that tests read, found from any module's directory.
public final class ProjectFiles {
    private ProjectFiles() {}

    /// The directory that holds `mvnw`.
    public static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mvnw"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "not inside a Postern checkout: " + Path.of("").toAbsolutePath());
            }
            directory = parent;
        }
        return directory;
    }

    /// The text of `testdata/vectors/<name>`.
    public static String vectors(String name) {
        try {
            return Files.readString(root().resolve("testdata/vectors").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
