package dev.postern.relay.anomaly;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditUnavailable;

/// Puts an event on disk before it returns.
@FunctionalInterface
interface DurableRecord {
    /// @throws AuditUnavailable it may not be on disk
    void record(AuditEvent event) throws AuditUnavailable;
}
