package dev.postern.audit.envelope;

import dev.postern.audit.canonical.CanonicalJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// Reads what [EventEnvelope#bytes] wrote, and nothing else: unknown attributes, duplicate keys and trailing bytes are
/// refused.
public final class EnvelopeParser {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Set<String> ATTRIBUTES =
            Set.of("specversion", "datacontenttype", "source", "spool", "id", "sequence", "type", "time", "data");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9._~:/+=-]{1,256}");
    private static final Pattern SEQUENCE = Pattern.compile("[0-9]{16}");
    private static final int TIMESTAMP_LENGTH = "2026-11-23T09:00:00.000Z".length();

    private EnvelopeParser() {}

    /// One envelope.
    public static EventEnvelope parse(byte[] json) throws MalformedEnvelope {
        return envelope(tree(json, Map.class));
    }

    /// A CloudEvents batch: a JSON array of envelopes.
    public static List<EventEnvelope> parseBatch(byte[] json) throws MalformedEnvelope {
        List<EventEnvelope> batch = new ArrayList<>();
        for (Object element : tree(json, List.class)) {
            batch.add(envelope(element));
        }
        return batch;
    }

    private static <T> T tree(byte[] json, Class<T> shape) throws MalformedEnvelope {
        try {
            T tree = JSON.readValue(json, shape);
            if (tree == null) {
                throw new MalformedEnvelope("is null");
            }
            return tree;
        } catch (JacksonException _) {
            // The parser's own words quote the input.
            throw new MalformedEnvelope("is not JSON of the expected shape");
        }
    }

    private static EventEnvelope envelope(@Nullable Object value) throws MalformedEnvelope {
        if (!(value instanceof Map<?, ?> attributes)) {
            throw new MalformedEnvelope("is not an object");
        }
        if (!attributes.keySet().equals(ATTRIBUTES)) {
            throw new MalformedEnvelope("has missing or unknown attributes");
        }
        expect(attributes, "specversion", EventEnvelope.SPEC_VERSION);
        expect(attributes, "datacontenttype", EventEnvelope.CONTENT_TYPE);
        String sequence = text(attributes, "sequence", SEQUENCE);
        if (Long.parseLong(sequence) == 0 || Long.parseLong(sequence) > CanonicalJson.MAX_INTEGER) {
            throw new MalformedEnvelope("has an impossible sequence");
        }
        return new EventEnvelope(
                text(attributes, "source", IDENTIFIER),
                text(attributes, "spool", IDENTIFIER),
                text(attributes, "id", IDENTIFIER),
                Long.parseLong(sequence),
                text(attributes, "type", IDENTIFIER),
                time(attributes),
                data(attributes));
    }

    private static void expect(Map<?, ?> attributes, String name, String expected) throws MalformedEnvelope {
        if (!expected.equals(attributes.get(name))) {
            throw new MalformedEnvelope("has an unsupported " + name);
        }
    }

    private static String text(Map<?, ?> attributes, String name, Pattern form) throws MalformedEnvelope {
        if (attributes.get(name) instanceof String text && form.matcher(text).matches()) {
            return text;
        }
        throw new MalformedEnvelope("has a malformed " + name);
    }

    private static Instant time(Map<?, ?> attributes) throws MalformedEnvelope {
        if (attributes.get("time") instanceof String text && text.length() == TIMESTAMP_LENGTH) {
            try {
                Instant time = Instant.parse(text);
                if (EventEnvelope.timestamp(time).equals(text)) {
                    return time;
                }
            } catch (DateTimeException _) {
                // Falls through to the one sentence for every malformed time.
            }
        }
        throw new MalformedEnvelope("has a malformed time");
    }

    /// Keys of a JSON object are strings; the loop says so to the compiler.
    private static Map<String, Object> data(Map<?, ?> attributes) throws MalformedEnvelope {
        if (!(attributes.get("data") instanceof Map<?, ?> fields)) {
            throw new MalformedEnvelope("has data that is no object");
        }
        Map<String, Object> data = new HashMap<>();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            if (!(field.getKey() instanceof String name) || field.getValue() == null) {
                throw new MalformedEnvelope("has null in data");
            }
            data.put(name, field.getValue());
        }
        return data;
    }
}
