package dev.postern.audit;

/// The audit-service missed numbers of a producer: proof of loss or suppression before sequencing.
///
/// @param producer  its SPIFFE id
/// @param spool     the spool that numbered the events
/// @param expected  the number that should have come
/// @param received  the number that came
public record SequenceGapFound(String producer, String spool, long expected, long received) implements AuditEvent {

    public SequenceGapFound {
        producer = EventText.bounded(producer);
        spool = EventText.bounded(spool);
    }
}
