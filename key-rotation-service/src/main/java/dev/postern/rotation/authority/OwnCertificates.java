package dev.postern.rotation.authority;

import dev.postern.audit.AuditTrail;
import dev.postern.identity.IdentityDocument;
import dev.postern.identity.WorkloadIdentity;

/// Records the certificates that this service issues to itself. After the fact: the audit trail needs the first of
/// them to exist.
final class OwnCertificates {
    private final AuditTrail trail;

    OwnCertificates(WorkloadIdentity identity, AuditTrail trail) {
        this.trail = trail;
        record(identity.current(), "join");
        identity.onChange(document -> record(document, "renewal"));
    }

    private void record(IdentityDocument document, String cause) {
        var _ = trail.record(CertificateIssue.issued(document.leaf(), document.spiffeId(), cause));
    }
}
