package dev.postern.token;

import dev.postern.token.TokenRejected.Reason;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON object read with types: a member of the wrong type makes the whole token malformed.
public record Claims(JsonNode object) {

    /// Duplicate members are refused (RFC 7515 section 4): two parsers could read two different tokens.
    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(16).build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final long YEAR_9999 = 253_402_300_799L;

    public static Claims parse(byte[] json) throws TokenRejected {
        try {
            JsonNode node = JSON.readTree(json);
            if (node == null || !node.isObject()) {
                throw new TokenRejected(Reason.MALFORMED);
            }
            return new Claims(node);
        } catch (JacksonException _) {
            throw new TokenRejected(Reason.MALFORMED);
        }
    }

    public boolean has(String name) {
        return object.has(name);
    }

    public String text(String name) throws TokenRejected {
        return optionalText(name).orElseThrow(() -> new TokenRejected(Reason.MISSING_CLAIM));
    }

    public Optional<String> optionalText(String name) throws TokenRejected {
        JsonNode value = member(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isString() || value.stringValue().isEmpty()) {
            throw new TokenRejected(Reason.MALFORMED);
        }
        return Optional.of(value.stringValue());
    }

    /// A string or an array of strings (`aud`, RFC 7519 section 4.1.3).
    public Set<String> texts(String name) throws TokenRejected {
        JsonNode value = member(name);
        if (value == null) {
            throw new TokenRejected(Reason.MISSING_CLAIM);
        }
        if (value.isString()) {
            return Set.of(text(name));
        }
        if (!value.isArray()) {
            throw new TokenRejected(Reason.MALFORMED);
        }
        Set<String> texts = new LinkedHashSet<>();
        for (JsonNode element : value) {
            if (!element.isString()) {
                throw new TokenRejected(Reason.MALFORMED);
            }
            texts.add(element.stringValue());
        }
        return texts;
    }

    public Instant time(String name) throws TokenRejected {
        return optionalTime(name).orElseThrow(() -> new TokenRejected(Reason.MISSING_CLAIM));
    }

    public Optional<Instant> optionalTime(String name) throws TokenRejected {
        return has(name) ? Optional.of(Instant.ofEpochSecond(number(name, YEAR_9999))) : Optional.empty();
    }

    /// A whole number from 0 to `max`.
    public long number(String name, long max) throws TokenRejected {
        JsonNode value = member(name);
        if (value == null) {
            throw new TokenRejected(Reason.MISSING_CLAIM);
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new TokenRejected(Reason.MALFORMED);
        }
        long number = value.longValue();
        if (number < 0 || number > max) {
            throw new TokenRejected(Reason.MALFORMED);
        }
        return number;
    }

    public OptionalLong optionalNumber(String name, long max) throws TokenRejected {
        return has(name) ? OptionalLong.of(number(name, max)) : OptionalLong.empty();
    }

    /// Refuses members that nobody would look at.
    void requireOnly(Set<String> names) throws TokenRejected {
        if (!names.containsAll(object.propertyNames())) {
            throw new TokenRejected(Reason.MALFORMED);
        }
    }

    public Optional<Claims> optionalObject(String name) throws TokenRejected {
        JsonNode value = member(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw new TokenRejected(Reason.MALFORMED);
        }
        return Optional.of(new Claims(value));
    }

    /// Every member that is a string.
    Map<String, String> allTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (member.getValue().isString()) {
                texts.put(member.getKey(), member.getValue().stringValue());
            }
        }
        return texts;
    }

    private @Nullable JsonNode member(String name) {
        return object.get(name);
    }
}
