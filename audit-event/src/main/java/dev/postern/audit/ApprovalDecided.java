package dev.postern.audit;

/// A second person decided on a change that waited.
///
/// @param actor who decided
/// @param requester who asked
/// @param decision `approved` or `rejected`
public record ApprovalDecided(String approvalId, String actor, String requester, String decision)
        implements AuditEvent {

    public ApprovalDecided {
        approvalId = EventText.bounded(approvalId);
        actor = EventText.bounded(actor);
        requester = EventText.bounded(requester);
        decision = EventText.bounded(decision);
    }
}
