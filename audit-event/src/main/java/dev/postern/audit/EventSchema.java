package dev.postern.audit;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What the fields of each event type look like, derived from the records, so that the receiving side refuses
/// everything a
/// producer of this version cannot have sent.
public final class EventSchema {

    private static final int MAX_TEXT = 256;
    private static final int MAX_ELEMENTS = 65;

    private static final Map<EventType, Map<String, Class<?>>> SHAPES =
            Arrays.stream(EventType.values()).collect(Collectors.toUnmodifiableMap(type -> type, EventSchema::shape));
    private static final Map<EventType, Set<String>> REQUIRED = Arrays.stream(EventType.values())
            .collect(Collectors.toUnmodifiableMap(type -> type, EventSchema::required));

    private EventSchema() {}

    /// Checks one event's fields.
    ///
    /// @param type  the CloudEvents type
    /// @param data  the parsed `data` object
    /// @return what is wrong, without quoting the data; empty when nothing is
    public static Optional<String> problem(String type, Map<String, ?> data) {
        Optional<EventType> known = EventType.ofWireName(type);
        if (known.isEmpty()) {
            return Optional.of("the event's type is unknown");
        }
        Map<String, Class<?>> shape = SHAPES.getOrDefault(known.get(), Map.of());
        if (!data.keySet().containsAll(REQUIRED.getOrDefault(known.get(), Set.of()))) {
            return Optional.of("a field is missing");
        }
        for (Map.Entry<String, ?> field : data.entrySet()) {
            Class<?> expected = shape.get(field.getKey());
            if (expected == null) {
                return Optional.of("a field is unknown");
            }
            if (!fits(field.getValue(), expected)) {
                return Optional.of("field " + field.getKey() + " has the wrong form");
            }
        }
        return Optional.empty();
    }

    private static Map<String, Class<?>> shape(EventType type) {
        return Arrays.stream(type.record().getRecordComponents())
                .collect(Collectors.toUnmodifiableMap(
                        component -> EventFields.fieldName(component.getName()), EventSchema::form));
    }

    /// Of an `Optional<Set<…>>` what it holds; an `Optional` of anything else is text.
    private static Class<?> form(RecordComponent component) {
        return component.getType() == Optional.class
                        && component.getGenericType() instanceof ParameterizedType optional
                        && optional.getActualTypeArguments()[0] instanceof ParameterizedType held
                        && held.getRawType() instanceof Class<?> form
                ? form
                : component.getType();
    }

    private static Set<String> required(EventType type) {
        return Arrays.stream(type.record().getRecordComponents())
                .filter(component -> component.getType() != Optional.class)
                .map(component -> EventFields.fieldName(component.getName()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean fits(Object value, Class<?> expected) {
        if (expected == int.class || expected == long.class) {
            return value instanceof Integer || value instanceof Long;
        }
        if (expected == boolean.class) {
            return value instanceof Boolean;
        }
        if (expected == Set.class) {
            return value instanceof List<?> list
                    && list.size() <= MAX_ELEMENTS
                    && list.stream().allMatch(EventSchema::isText);
        }
        if (expected == Map.class) {
            return value instanceof Map<?, ?> map
                    && map.size() <= MAX_ELEMENTS
                    && map.keySet().stream().allMatch(EventSchema::isText)
                    && map.values().stream().allMatch(count -> count instanceof Integer);
        }
        if (expected == SealedPart.class) {
            return SealedPart.isSealedPart(value);
        }
        return (expected == String.class || expected == Optional.class || expected == Instant.class) && isText(value);
    }

    private static boolean isText(Object value) {
        return value instanceof String text
                && text.length() <= MAX_TEXT
                && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }
}
