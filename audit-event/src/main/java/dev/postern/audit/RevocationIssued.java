package dev.postern.audit;

/// Trust was taken back.
///
/// @param actor who did: client id, SPIFFE id, or the service itself
/// @param kind `token`, `session`, `client`, `subject`, `tenant` or `key`
/// @param target whose; a subject may name a person, so it is given as a hash
/// @param reason a code
public record RevocationIssued(String revocationId, String actor, String kind, String target, String reason)
        implements AuditEvent {

    public RevocationIssued {
        revocationId = EventText.bounded(revocationId);
        actor = EventText.bounded(actor);
        kind = EventText.bounded(kind);
        target = EventText.bounded(target);
        reason = EventText.bounded(reason);
    }
}
