package dev.postern.rotation.ledger;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditUnavailable;

/// Where an event must be on disk before its effect. The service's audit trail; a list in tests.
@FunctionalInterface
public interface AuditLine {
    void recordDurably(AuditEvent event) throws AuditUnavailable;
}
