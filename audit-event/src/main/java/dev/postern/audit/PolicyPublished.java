package dev.postern.audit;

/// A policy came into force.
///
/// @param epoch its version
/// @param minimumEpoch tokens issued under an earlier one no longer count
/// @param digest SHA-256 of the policy set's text, base64url
public record PolicyPublished(String actor, long epoch, long minimumEpoch, String digest) implements AuditEvent {

    public PolicyPublished {
        actor = EventText.bounded(actor);
        digest = EventText.bounded(digest);
    }
}
