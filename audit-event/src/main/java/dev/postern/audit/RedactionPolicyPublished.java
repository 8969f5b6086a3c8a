package dev.postern.audit;

/// A tenant's redaction policy came into force.
///
/// @param actor the client that sent it
/// @param version of this tenant's policy
/// @param digest SHA-256 of a random salt and the document's text, base64url: the document may list values that must
///     stay hidden, and a guess at them must not be testable
public record RedactionPolicyPublished(String actor, String tenant, long version, String digest) implements AuditEvent {

    public RedactionPolicyPublished {
        actor = EventText.bounded(actor);
        tenant = EventText.bounded(tenant);
        digest = EventText.bounded(digest);
    }
}
