package dev.postern.cli.bench;

import org.jspecify.annotations.Nullable;

/// Hands out the exact bytes of one request after another. Safe for many threads.
public interface RequestSource {
    /// The next request, or null when there is none left and the run is over.
    byte @Nullable [] next();

    /// The same request for ever.
    static RequestSource always(byte[] request) {
        return () -> request;
    }
}
