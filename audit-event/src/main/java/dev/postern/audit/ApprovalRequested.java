package dev.postern.audit;

import java.util.Optional;
import java.util.Set;

/// A change, or the opening of captured bodies, waits for a second person.
///
/// @param actor who asked: client id, and the subject where it is another
/// @param action as in [AdminChanged]; `archive.open` for captured bodies
/// @param resourceId what it is about; of an opening the digest that custodians sign
/// @param reason why captured bodies are asked for
/// @param recipient name of the key that the custodians' shares would go to
/// @param captureIds the captured bodies that are asked for, all of them: an opening has 64 at most
public record ApprovalRequested(
        String approvalId,
        String actor,
        String action,
        String resource,
        String resourceId,
        Optional<String> reason,
        Optional<String> recipient,
        Optional<Set<String>> captureIds)
        implements AuditEvent {

    public ApprovalRequested {
        approvalId = EventText.bounded(approvalId);
        actor = EventText.bounded(actor);
        action = EventText.bounded(action);
        resource = EventText.bounded(resource);
        resourceId = EventText.bounded(resourceId);
        reason = EventText.bounded(reason);
        recipient = EventText.bounded(recipient);
        captureIds = captureIds.map(EventText::bounded);
    }

    /// Of a change.
    public ApprovalRequested(String approvalId, String actor, String action, String resource, String resourceId) {
        this(approvalId, actor, action, resource, resourceId, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
