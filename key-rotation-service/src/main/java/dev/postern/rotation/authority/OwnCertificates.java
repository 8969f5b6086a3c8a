package dev.postern.rotation.authority;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.identity.IdentityDocument;
import dev.postern.identity.IdentityIssuer;
import dev.postern.identity.IssuedChain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.rotation.ledger.IssuedCertificates;
import dev.postern.rotation.ledger.LedgerStandsBy;
import dev.postern.rotation.ledger.LedgerUnwritable;
import dev.postern.rotation.ledger.RegistrationRefused;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates that this service issues to itself, on record and in the ledger like everybody's, the spare as
/// well. After the fact: audit trail and ledger need the first of them to exist.
///
/// Non-guarantee: until the next [#register] a new one cannot be denied, and one of a replica that stands by not before
/// that leads.
final class OwnCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(OwnCertificates.class);

    private final Queue<X509Certificate> unregistered = new ConcurrentLinkedQueue<>();

    /// Notes what `issuer` issues.
    IdentityIssuer noting(IdentityIssuer issuer) {
        return csr -> {
            IssuedChain issued = issuer.issue(csr);
            unregistered.add(issued.leaf());
            return issued;
        };
    }

    /// Records which of them are shown.
    void audit(WorkloadIdentity identity, AuditTrail trail) {
        record(identity.current(), "join", trail);
        identity.onChange(document -> record(document, "renewal", trail));
    }

    private static void record(IdentityDocument document, String cause, AuditTrail trail) {
        var _ = trail.record(CertificateIssue.issued(document.leaf(), document.spiffeId(), cause));
    }

    /// Registers those that are not yet; what cannot be registered now waits for the next call.
    void register(URI self, IssuedCertificates ledger, Clock clock) {
        unregistered.removeIf(
                leaf -> !clock.instant().isBefore(leaf.getNotAfter().toInstant()));
        try {
            for (X509Certificate leaf = unregistered.peek(); leaf != null; leaf = unregistered.peek()) {
                register(leaf, self, ledger);
                var _ = unregistered.remove(leaf);
            }
        } catch (LedgerStandsBy | LedgerUnwritable | RegistrationRefused | AuditUnavailable _) {
            // Later.
        }
    }

    private static void register(X509Certificate leaf, URI self, IssuedCertificates ledger) throws AuditUnavailable {
        try {
            ledger.issued(leaf, self);
        } catch (RegistrationRefused refused) {
            if (refused.reason() != RegistrationRefused.Reason.KEY_ID_TAKEN) {
                // There may be room again.
                throw refused;
            }
            LOG.error("our own certificate is not in the ledger: {}", refused.reason());
        }
    }
}
