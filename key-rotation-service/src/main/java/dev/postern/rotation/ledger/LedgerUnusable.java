package dev.postern.rotation.ledger;

import java.nio.file.Path;

/// The ledger file is there and cannot be read.
public final class LedgerUnusable extends RuntimeException {
    LedgerUnusable(Path path) {
        super(sentence(path));
    }

    LedgerUnusable(Path path, Throwable cause) {
        super(sentence(path), cause);
    }

    private static String sentence(Path path) {
        return "The key ledger " + path
                + " is not readable: restore it from a backup; without it, live tokens lose their keys.";
    }
}
