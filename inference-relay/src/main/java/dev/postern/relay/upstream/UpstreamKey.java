package dev.postern.relay.upstream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The API key of the model server. Prints nothing.
final class UpstreamKey {
    private final String key;

    private UpstreamKey(String key) {
        this.key = key;
    }

    static UpstreamKey read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            if (lines.isEmpty() || lines.getFirst().isBlank()) {
                throw new IllegalStateException("the upstream key file is empty: " + file);
            }
            return new UpstreamKey(lines.getFirst().strip());
        } catch (IOException e) {
            throw new IllegalStateException("the upstream key file cannot be read: " + file, e);
        }
    }

    String revealAsAuthorizationHeader() {
        return "Bearer " + key;
    }

    @Override
    public String toString() {
        return "UpstreamKey";
    }
}
