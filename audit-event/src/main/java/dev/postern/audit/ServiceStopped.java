package dev.postern.audit;

/// A service stops in an orderly way; its absence after a start tells of a crash.
///
/// @param cause  a code, for example `shutdown`
public record ServiceStopped(String service, String instance, String cause) implements AuditEvent {

    public ServiceStopped {
        service = EventText.bounded(service);
        instance = EventText.bounded(instance);
        cause = EventText.bounded(cause);
    }
}
