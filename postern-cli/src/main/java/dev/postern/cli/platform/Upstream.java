package dev.postern.cli.platform;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// The model server behind the relay: the simulator, or any OpenAI-compatible one with its key in a file.
public record Upstream(Optional<URI> url, Optional<Path> keyFile) {
    public static final Upstream SIMULATOR = new Upstream(Optional.empty(), Optional.empty());

    boolean isSimulator() {
        return url.isEmpty();
    }
}
