package dev.postern.audit;

/// Somebody who uses keys saw a sign that one is in the wrong hands.
///
/// @param trigger `unexpected-use`, `retired-signature` or `aead-failures`
/// @param action what policy makes of it: `alert` or `compromise`
/// @param reportedBy the SPIFFE id of the service that saw it
public record KeySuspected(String keyClass, String keyId, String trigger, String action, String reportedBy, int count)
        implements AuditEvent {

    public KeySuspected {
        keyClass = EventText.bounded(keyClass);
        keyId = EventText.bounded(keyId);
        trigger = EventText.bounded(trigger);
        action = EventText.bounded(action);
        reportedBy = EventText.bounded(reportedBy);
    }
}
