package dev.postern.session;

import java.io.IOException;

/// A sealed stream was altered, cut, put in another order, or is for another key or context.
public final class NotAuthentic extends IOException {
    private static final long serialVersionUID = 1;

    private final long chunk;
    private final long offset;

    NotAuthentic(long chunk, long offset) {
        super("chunk " + chunk + " of a sealed stream is not authentic");
        this.chunk = chunk;
        this.offset = offset;
    }

    /// The first that did not open, counted from 0.
    public long chunk() {
        return chunk;
    }

    /// Where in the plaintext it would have begun. Everything before it is authentic.
    public long offset() {
        return offset;
    }
}
