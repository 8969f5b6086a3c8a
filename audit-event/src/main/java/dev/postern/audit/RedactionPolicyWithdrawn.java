package dev.postern.audit;

/// A tenant's redaction policy was taken back: from now on the standard one counts.
///
/// @param actor the client that asked for it
/// @param version of this tenant's policy; its next one is counted from here
public record RedactionPolicyWithdrawn(String actor, String tenant, long version) implements AuditEvent {

    public RedactionPolicyWithdrawn {
        actor = EventText.bounded(actor);
        tenant = EventText.bounded(tenant);
    }
}
