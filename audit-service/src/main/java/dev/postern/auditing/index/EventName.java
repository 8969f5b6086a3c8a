package dev.postern.auditing.index;

import dev.postern.audit.envelope.EventEnvelope;
import java.util.OptionalLong;

/// What names an event for ever.
///
/// @param source  its producer's SPIFFE id
/// @param id      `<spool>.<run>.<sequence>` ([EventEnvelope#numbered])
public record EventName(String source, String id) {
    private static final int MAX_DIGITS = 16;

    public static EventName of(EventEnvelope event) {
        return new EventName(event.source(), event.id());
    }

    /// The spool that numbered the event.
    String spool() {
        int end = id.indexOf('.');
        return end < 0 ? id : id.substring(0, end);
    }

    /// The event's number in its spool; none in an identifier of another form.
    OptionalLong sequence() {
        String digits = id.substring(id.lastIndexOf('.') + 1);
        boolean number = !digits.isEmpty()
                && digits.length() <= MAX_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }
}
