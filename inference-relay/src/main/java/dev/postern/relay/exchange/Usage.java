package dev.postern.relay.exchange;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The token counts a model reports with an answer.
record Usage(long inputTokens, long outputTokens) {
    static final Usage NONE = new Usage(0, 0);

    private static final byte[] MEMBER = "\"usage\"".getBytes(StandardCharsets.US_ASCII);
    private static final JsonFactory JSON = new JsonFactory();

    /// Reads the top-level member `usage` of a document or event. Most events have none: those cost one scan.
    static Optional<Usage> find(byte[] json) {
        if (!contains(json, MEMBER)) {
            return Optional.empty();
        }
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = in.currentName().equals("usage");
                JsonToken value = in.nextToken();
                if (found && value == JsonToken.START_OBJECT) {
                    return Optional.of(read(in));
                }
                in.skipChildren();
            }
            return Optional.empty();
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static Usage read(JsonParser in) {
        long input = 0;
        long output = 0;
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = in.currentName();
            if (in.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                switch (member) {
                    case "prompt_tokens" -> input = Math.max(0, in.getLongValue());
                    case "completion_tokens" -> output = Math.max(0, in.getLongValue());
                    default -> {}
                }
            } else {
                in.skipChildren();
            }
        }
        return new Usage(input, output);
    }

    private static boolean contains(byte[] text, byte[] word) {
        int last = text.length - word.length;
        for (int from = 0; from <= last; from++) {
            int matched = 0;
            while (matched < word.length && text[from + matched] == word[matched]) {
                matched++;
            }
            if (matched == word.length) {
                return true;
            }
        }
        return false;
    }
}
