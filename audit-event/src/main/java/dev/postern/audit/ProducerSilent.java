package dev.postern.audit;

import java.time.Instant;

/// The audit-service hears nothing any more of a producer that did not stop: neither events nor heartbeats.
///
/// @param producer  its SPIFFE id
/// @param spool     the spool that numbered its events
/// @param lastHeard when it was heard last
public record ProducerSilent(String producer, String spool, Instant lastHeard) implements AuditEvent {

    public ProducerSilent {
        producer = EventText.bounded(producer);
        spool = EventText.bounded(spool);
    }
}
