package dev.postern.archive;

import java.io.IOException;

/// A share or a body does not open: it is for somebody else, was altered, or the shares are not two of its own.
public final class CannotOpen extends IOException {
    private static final long serialVersionUID = 1L;

    CannotOpen(String message) {
        super(message);
    }
}
