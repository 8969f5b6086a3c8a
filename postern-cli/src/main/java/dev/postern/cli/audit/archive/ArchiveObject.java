package dev.postern.cli.audit.archive;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// One JSON object of an archive, read strictly: no field twice, none unknown, every value of its kind.
record ArchiveObject(Map<String, Object> fields) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static ArchiveObject parse(byte[] line) throws InvalidArchive {
        try {
            return of(JSON.readValue(line, Map.class));
        } catch (JacksonException _) {
            throw new InvalidArchive("the line is not a JSON object");
        }
    }

    private static ArchiveObject of(Object value) throws InvalidArchive {
        if (!(value instanceof Map<?, ?> map)) {
            throw new InvalidArchive("the line is not a JSON object");
        }
        Map<String, Object> fields = new HashMap<>();
        for (Map.Entry<?, ?> field : map.entrySet()) {
            if (field.getValue() == null) {
                throw new InvalidArchive("a field is null");
            }
            fields.put(String.valueOf(field.getKey()), field.getValue());
        }
        return new ArchiveObject(fields);
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    void allow(Set<String> required, Set<String> optional) throws InvalidArchive {
        for (String name : fields.keySet()) {
            if (!required.contains(name) && !optional.contains(name)) {
                throw new InvalidArchive("a field is unknown");
            }
        }
        for (String name : required) {
            if (!fields.containsKey(name)) {
                throw new InvalidArchive("field " + name + " is missing");
            }
        }
    }

    String text(String name) throws InvalidArchive {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw new InvalidArchive("field " + name + " is not a text");
    }

    long number(String name) throws InvalidArchive {
        return switch (fields.get(name)) {
            case Integer number -> number;
            case Long number -> number;
            case null, default -> throw new InvalidArchive("field " + name + " is not a number");
        };
    }

    byte[] octets(String name) throws InvalidArchive {
        return base64(text(name), name);
    }

    ArchiveObject object(String name) throws InvalidArchive {
        return of(fields.getOrDefault(name, ""));
    }

    List<ArchiveObject> objects(String name) throws InvalidArchive {
        List<ArchiveObject> objects = new ArrayList<>();
        for (Object element : list(name)) {
            objects.add(of(element));
        }
        return objects;
    }

    List<byte[]> octetStrings(String name) throws InvalidArchive {
        List<byte[]> strings = new ArrayList<>();
        for (Object element : list(name)) {
            strings.add(base64(String.valueOf(element), name));
        }
        return strings;
    }

    private List<?> list(String name) throws InvalidArchive {
        if (fields.get(name) instanceof List<?> list) {
            return list;
        }
        throw new InvalidArchive("field " + name + " is not a list");
    }

    private static byte[] base64(String text, String name) throws InvalidArchive {
        try {
            byte[] octets = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(octets).equals(text)) {
                return octets;
            }
        } catch (IllegalArgumentException _) {
            // Falls through to the one sentence for everything that is not base64.
        }
        throw new InvalidArchive("field " + name + " is not base64");
    }
}
