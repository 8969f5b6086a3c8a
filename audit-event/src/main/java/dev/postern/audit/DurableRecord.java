package dev.postern.audit;

/// Puts an event on disk before it returns, as [AuditTrail#recordDurably] does.
@FunctionalInterface
public interface DurableRecord {
    /// Returns when the event is on disk.
    ///
    /// @throws AuditUnavailable it may not be
    void record(AuditEvent event) throws AuditUnavailable;
}
