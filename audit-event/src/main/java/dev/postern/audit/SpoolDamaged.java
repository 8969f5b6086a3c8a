package dev.postern.audit;

/// A producer found events in its own spool unreadable; the damaged file is kept aside.
///
/// @param segment       the damaged file's name
/// @param firstMissing  the first lost sequence number
/// @param lastMissing   the last lost sequence number
public record SpoolDamaged(String segment, long firstMissing, long lastMissing) implements AuditEvent {

    public SpoolDamaged {
        segment = EventText.bounded(segment);
    }
}
