package dev.postern.audit;

/// A service is ready.
public record ServiceStarted(String service, String instance, String version) implements AuditEvent {

    public ServiceStarted {
        service = EventText.bounded(service);
        instance = EventText.bounded(instance);
        version = EventText.bounded(version);
    }
}
