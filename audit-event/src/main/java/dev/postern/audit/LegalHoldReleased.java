package dev.postern.audit;

/// A hold on the audit log ended: what it held is deleted once it is old enough.
///
/// @param actor  SPIFFE id of who released it
/// @param hold   its name
/// @param reason in the operator's words
public record LegalHoldReleased(String actor, String hold, String reason) implements AuditEvent {

    public LegalHoldReleased {
        actor = EventText.bounded(actor);
        hold = EventText.bounded(hold);
        reason = EventText.bounded(reason);
    }
}
