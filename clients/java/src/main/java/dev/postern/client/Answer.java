package dev.postern.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An answer, or one event of a streamed answer: JSON as the model wrote it, authentic and in order. Prints nothing of
/// itself.
public final class Answer {
    private static final JsonMapper JSON = new JsonMapper();

    private final byte[] octets;

    Answer(byte[] octets) {
        this.octets = octets;
    }

    /// A copy of its octets, JSON in UTF-8.
    public byte[] octets() {
        return octets.clone();
    }

    public String text() {
        return new String(octets, UTF_8);
    }

    public JsonNode json() {
        return JSON.readTree(octets);
    }

    @Override
    public String toString() {
        return "Answer[" + octets.length + " octets]";
    }
}
