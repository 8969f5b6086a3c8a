package dev.postern.cli.audit.archive;

import java.io.Serial;

/// An archive does not prove what it says. The message is one sentence and quotes nothing of it.
final class InvalidArchive extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    InvalidArchive(String what) {
        super(what);
    }

    String what() {
        return String.valueOf(getMessage());
    }
}
