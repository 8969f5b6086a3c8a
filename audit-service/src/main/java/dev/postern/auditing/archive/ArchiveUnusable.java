package dev.postern.auditing.archive;

import java.io.Serial;

/// The custodians that are configured cannot be read: the service does not start.
public final class ArchiveUnusable extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    ArchiveUnusable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
