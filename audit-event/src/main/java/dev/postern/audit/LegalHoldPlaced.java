package dev.postern.audit;

import java.util.Set;

/// Shards and days of the audit log are kept until the hold is released.
///
/// @param actor  SPIFFE id of who placed it
/// @param hold   its name
/// @param held   shards (`2026w48`) and days (`2026-11-26`)
/// @param reason in the operator's words
public record LegalHoldPlaced(String actor, String hold, Set<String> held, String reason) implements AuditEvent {

    public LegalHoldPlaced {
        actor = EventText.bounded(actor);
        hold = EventText.bounded(hold);
        held = EventText.bounded(held);
        reason = EventText.bounded(reason);
    }
}
