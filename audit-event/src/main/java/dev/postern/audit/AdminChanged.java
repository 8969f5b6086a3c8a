package dev.postern.audit;

/// Somebody changed what the platform allows.
///
/// @param actor     SPIFFE id or client id
/// @param action    a code, for example `client-created`
/// @param resource  the kind of thing changed
/// @param resourceId  its identifier
public record AdminChanged(String actor, String action, String resource, String resourceId) implements AuditEvent {

    public AdminChanged {
        actor = EventText.bounded(actor);
        action = EventText.bounded(action);
        resource = EventText.bounded(resource);
        resourceId = EventText.bounded(resourceId);
    }
}
