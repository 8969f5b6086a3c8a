package dev.postern.audit;

/// A key moved in its life: PREPARED, ACTIVE, RETIRING, DESTROYED, COMPROMISED.
///
/// @param owner  the SPIFFE id of the service that holds it
/// @param from   the state before, `NONE` for a new key
/// @param cause  a code, for example `scheduled`, `operator`, `owner-silent`
public record KeyTransitioned(
        String keyClass, String keyId, String owner, String instance, String from, String to, String cause)
        implements AuditEvent {

    public KeyTransitioned {
        keyClass = EventText.bounded(keyClass);
        keyId = EventText.bounded(keyId);
        owner = EventText.bounded(owner);
        instance = EventText.bounded(instance);
        from = EventText.bounded(from);
        to = EventText.bounded(to);
        cause = EventText.bounded(cause);
    }
}
