package dev.postern.relay.anomaly;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditUnavailable;

/// Puts an event on disk before it returns.
@FunctionalInterface
interface DurableRecord {
    /// Returns when the event is on disk.
    ///
    /// @throws AuditUnavailable it may not be
    void record(AuditEvent event) throws AuditUnavailable;
}
