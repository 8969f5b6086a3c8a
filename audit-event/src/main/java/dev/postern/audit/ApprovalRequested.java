package dev.postern.audit;

/// A change waits for a second person.
///
/// @param actor who asked: client id, and the subject where it is another
/// @param action as in [AdminChanged]
public record ApprovalRequested(String approvalId, String actor, String action, String resource, String resourceId)
        implements AuditEvent {

    public ApprovalRequested {
        approvalId = EventText.bounded(approvalId);
        actor = EventText.bounded(actor);
        action = EventText.bounded(action);
        resource = EventText.bounded(resource);
        resourceId = EventText.bounded(resourceId);
    }
}
