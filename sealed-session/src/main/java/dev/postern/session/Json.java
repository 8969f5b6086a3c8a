package dev.postern.session;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Strict JSON objects: no duplicate names, nothing after the end, the expected type or a refusal.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static byte[] write(JsonNode json) {
        return MAPPER.writeValueAsBytes(json);
    }

    static JsonNode read(byte[] octets) throws MalformedContent {
        try {
            JsonNode json = MAPPER.readTree(octets);
            if (!json.isObject()) {
                throw new MalformedContent("not a JSON object");
            }
            return json;
        } catch (JacksonException e) {
            throw new MalformedContent(e);
        }
    }

    static String text(JsonNode json, String name) throws MalformedContent {
        JsonNode value = json.path(name);
        if (!value.isString()) {
            throw new MalformedContent("no text " + name);
        }
        return value.stringValue();
    }

    /// An integer of at most 53 bits and not negative.
    static long number(JsonNode json, String name) throws MalformedContent {
        JsonNode value = json.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new MalformedContent("no integer " + name);
        }
        long number = value.longValue();
        if (number < 0 || number > FrameHeader.MAX_SEQ) {
            throw new MalformedContent("out of range: " + name);
        }
        return number;
    }
}
