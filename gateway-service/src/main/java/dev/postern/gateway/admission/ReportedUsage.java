package dev.postern.gateway.admission;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The token counts that a model reports with an answer, in its member `usage`.
///
/// @param alone whether the event says nothing else: its `choices` are empty
record ReportedUsage(long prompt, long output, boolean alone) {
    private static final byte[] MEMBER = "\"usage\"".getBytes(StandardCharsets.US_ASCII);
    private static final JsonFactory JSON = JsonFactory.builder().build();

    /// Reads a document or event. Most events report nothing: those cost one scan.
    static Optional<ReportedUsage> find(byte[] json) {
        if (!contains(json)) {
            return Optional.empty();
        }
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
            return read(in);
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static Optional<ReportedUsage> read(JsonParser in) {
        if (in.nextToken() != JsonToken.START_OBJECT) {
            return Optional.empty();
        }
        Optional<ReportedUsage> usage = Optional.empty();
        boolean alone = false;
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = in.currentName();
            JsonToken value = in.nextToken();
            if (member.equals("usage") && value == JsonToken.START_OBJECT) {
                usage = Optional.of(counts(in));
            } else if (member.equals("choices") && value == JsonToken.START_ARRAY) {
                alone = in.nextToken() == JsonToken.END_ARRAY;
                if (!alone) {
                    in.skipChildren();
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        in.skipChildren();
                    }
                }
            } else {
                in.skipChildren();
            }
        }
        boolean nothingElse = alone;
        return usage.map(counted -> new ReportedUsage(counted.prompt(), counted.output(), nothingElse));
    }

    private static ReportedUsage counts(JsonParser in) {
        long prompt = 0;
        long output = 0;
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = in.currentName();
            if (in.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                switch (member) {
                    case "prompt_tokens", "input_tokens" -> prompt = count(in);
                    case "completion_tokens", "output_tokens" -> output = count(in);
                    default -> {}
                }
            } else {
                in.skipChildren();
            }
        }
        return new ReportedUsage(prompt, output, false);
    }

    private static long count(JsonParser in) {
        return Math.clamp(in.getLongValue(), 0, Meter.MOST);
    }

    private static boolean contains(byte[] text) {
        int last = text.length - MEMBER.length;
        for (int from = 0; from <= last; from++) {
            int matched = 0;
            while (matched < MEMBER.length && text[from + matched] == MEMBER[matched]) {
                matched++;
            }
            if (matched == MEMBER.length) {
                return true;
            }
        }
        return false;
    }
}
