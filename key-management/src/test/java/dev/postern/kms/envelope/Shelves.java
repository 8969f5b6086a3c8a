package dev.postern.kms.envelope;

import dev.postern.kms.WrappedSetFiles;
import java.nio.file.Path;

/// Real shelves.
final class Shelves {
    private Shelves() {}

    /// In a file whose name ends in `.json`.
    static KeyShelf shelf(Path file) {
        String name = file.getFileName().toString();
        return new SetKeyShelf(
                new WrappedSetFiles(file.resolveSibling(".")), name.substring(0, name.length() - ".json".length()));
    }
}
