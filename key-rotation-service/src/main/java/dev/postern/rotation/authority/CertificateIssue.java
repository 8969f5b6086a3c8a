package dev.postern.rotation.authority;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.CertificateIssued;
import dev.postern.audit.RequestRejected;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.IssuedChain;
import dev.postern.identity.SigningRequest;
import dev.postern.identity.TrustDomain;
import dev.postern.rotation.ledger.IssuedCertificates;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;

/// Decides who gets a certificate, and records each before it is handed out. Names come from the grant, never from
/// the request.
final class CertificateIssue {
    private final InMemoryAuthority authority;
    private final IssuedCertificates certificates;
    private final JoinTokens tokens;
    private final ServiceAccounts accounts;
    private final TrustDomain domain;
    private final AuthorityProperties properties;
    private final AuditTrail trail;
    private final MeterRegistry registry;

    CertificateIssue(
            InMemoryAuthority authority,
            IssuedCertificates certificates,
            JoinTokens tokens,
            ServiceAccounts accounts,
            TrustDomain domain,
            AuthorityProperties properties,
            AuditTrail trail,
            MeterRegistry registry) {
        this.authority = authority;
        this.certificates = certificates;
        this.tokens = tokens;
        this.accounts = accounts;
        this.domain = domain;
        this.properties = properties;
        this.trail = trail;
        this.registry = registry;
    }

    /// A first certificate for the holder of a join token. The token is used up only by a request that can be
    /// granted.
    IssuedChain join(String service, String token, byte[] csr)
            throws JoinTokens.Refused, SigningRequest.Refused, AuditUnavailable {
        try {
            JoinTokens.Ticket ticket = tokens.check(token, service);
            IssuedChain issued = authority.issue(csr, grant(service));
            // Recorded first: without a record no certificate, and the token stays good for another try.
            record(issued.leaf(), domain.idOf(service), "join");
            ticket.use();
            return issued;
        } catch (JoinTokens.Refused refused) {
            rejected("join-token-" + code(refused.refusal()), "/v1/identities/join", 403);
            throw refused;
        } catch (SigningRequest.Refused refused) {
            rejected("certificate-request", "/v1/identities/join", 400);
            throw refused;
        }
    }

    /// A certificate for a pod, by the service account it runs under.
    IssuedChain attest(String service, String token, byte[] csr)
            throws ServiceAccounts.Refused, SigningRequest.Refused, AuditUnavailable {
        try {
            accounts.require(token, service);
            IssuedChain issued = authority.issue(csr, grant(service));
            record(issued.leaf(), domain.idOf(service), "service-account");
            return issued;
        } catch (ServiceAccounts.Refused refused) {
            boolean away = refused.refusal() == ServiceAccounts.Refusal.UNAVAILABLE;
            rejected(
                    "service-account-"
                            + refused.refusal().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    "/v1/identities/kubernetes",
                    away ? 503 : 403);
            throw refused;
        } catch (SigningRequest.Refused refused) {
            rejected("certificate-request", "/v1/identities/kubernetes", 400);
            throw refused;
        }
    }

    /// The next certificate for a peer that proved its present one. Empty if the peer is no workload of this
    /// domain.
    ///
    /// @param presented the certificate that the peer proved to hold
    Optional<IssuedChain> renew(URI peer, X509Certificate presented, byte[] csr)
            throws SigningRequest.Refused, AuditUnavailable {
        if (!certificates.mayRenew(presented)) {
            rejected("renewal-by-denied-certificate", "/v1/identities/renew", 403);
            return Optional.empty();
        }
        Optional<String> workload = domain.workloadOf(peer);
        if (workload.isEmpty()) {
            rejected("renewal-by-stranger", "/v1/identities/renew", 403);
            return Optional.empty();
        }
        try {
            IssuedChain issued = authority.issue(csr, grant(workload.get()));
            record(issued.leaf(), peer, "renewal");
            return Optional.of(issued);
        } catch (SigningRequest.Refused refused) {
            rejected("certificate-request", "/v1/identities/renew", 400);
            throw refused;
        }
    }

    private InMemoryAuthority.Grant grant(String workload) {
        return new InMemoryAuthority.Grant(
                domain.idOf(workload), properties.hostsOf(workload), properties.certificateTtl());
    }

    private void record(X509Certificate leaf, URI spiffeId, String cause) throws AuditUnavailable {
        trail.recordDurably(issued(leaf, spiffeId, cause));
        certificates.issued(leaf, spiffeId);
        Counter.builder("postern.identity.issued")
                .description("Certificates issued")
                .tag("cause", cause)
                .register(registry)
                .increment();
    }

    static AuditEvent issued(X509Certificate leaf, URI spiffeId, String cause) {
        return new CertificateIssued(
                spiffeId.toString(),
                leaf.getSerialNumber().toString(16),
                cause,
                leaf.getNotAfter().toInstant());
    }

    private void rejected(String reason, String operation, int status) {
        Counter.builder("postern.identity.refused")
                .description("Certificates refused")
                .tag("reason", reason)
                .register(registry)
                .increment();
        // Counted and coalesced, so that a flood costs little; its loss with the process costs only a count.
        var _ = trail.record(new RequestRejected(
                reason, operation, Optional.empty(), Optional.empty(), Optional.empty(), status, 1));
    }

    private static String code(JoinTokens.Refusal refusal) {
        return refusal.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
