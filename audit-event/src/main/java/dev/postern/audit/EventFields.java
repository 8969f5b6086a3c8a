package dev.postern.audit;

import dev.postern.audit.envelope.EventEnvelope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// An event's components as JSON fields: `tokenId` becomes `token_id`, an empty Optional is left out, a time is RFC
/// 3339 text.
final class EventFields {

    private EventFields() {}

    static Map<String, Object> of(AuditEvent event) {
        Map<String, Object> fields = new TreeMap<>();
        for (RecordComponent component : EventType.of(event).record().getRecordComponents()) {
            value(read(event, component)).ifPresent(value -> fields.put(fieldName(component.getName()), value));
        }
        return fields;
    }

    private static Object read(AuditEvent event, RecordComponent component) {
        try {
            return component.getAccessor().invoke(event);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("event records are public and their accessors do not throw", e);
        }
    }

    private static Optional<Object> value(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.flatMap(EventFields::value);
            case Instant time -> Optional.of(EventEnvelope.timestamp(time));
            case SealedPart part -> Optional.of(part.text());
            case Set<?> set -> Optional.of(List.copyOf(set));
            default -> Optional.of(value);
        };
    }

    static String fieldName(String component) {
        StringBuilder name = new StringBuilder(component.length() + 4);
        for (int i = 0; i < component.length(); i++) {
            char c = component.charAt(i);
            if (Character.isUpperCase(c)) {
                name.append('_');
            }
            name.append(Character.toLowerCase(c));
        }
        return name.toString();
    }
}
