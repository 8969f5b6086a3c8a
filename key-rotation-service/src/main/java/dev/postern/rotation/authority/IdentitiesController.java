package dev.postern.rotation.authority;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.audit.AuditUnavailable;
import dev.postern.chassis.peer.Door;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.identity.CertificatePem;
import dev.postern.identity.IssuedChain;
import dev.postern.identity.SigningRequest;
import dev.postern.rotation.ledger.LedgerStandsBy;
import dev.postern.rotation.ledger.LedgerUnwritable;
import dev.postern.rotation.ledger.RegistrationRefused;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Joining with a one-time token or a service account, and renewing with the certificate in force.
@RestController
final class IdentitiesController {
    /// One answer for unknown, used, expired and foreign tokens: which of them it is helps only somebody who
    /// guesses.
    private static final Problem JOIN_REFUSED =
            new Problem(403, "join-refused", "This join token does not admit this workload: issue a new one.");
    private static final Problem ACCOUNT_REFUSED =
            new Problem(403, "service-account-refused", "This service account does not prove this workload.");
    private static final Problem REQUEST_REFUSED = new Problem(
            400, "certificate-request-refused", "Send a PKCS#10 request for a P-256 key and no names but your own.");

    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    record Join(String service, @JsonProperty("join_token") String joinToken, String csr) {
        Join {
            Objects.requireNonNull(service, "service");
            Objects.requireNonNull(joinToken, "join_token");
            Objects.requireNonNull(csr, "csr");
        }

        @Override
        public String toString() {
            return "Join[" + service + "]";
        }
    }

    record Attestation(String service, String token, String csr) {
        Attestation {
            Objects.requireNonNull(service, "service");
            Objects.requireNonNull(token, "token");
            Objects.requireNonNull(csr, "csr");
        }

        @Override
        public String toString() {
            return "Attestation[" + service + "]";
        }
    }

    record Renewal(String csr) {
        Renewal {
            Objects.requireNonNull(csr, "csr");
        }
    }

    record Issued(List<String> chain, List<String> anchors) {
        static Issued of(IssuedChain issued) {
            return new Issued(CertificatePem.encode(issued.chain()), CertificatePem.encode(issued.anchors()));
        }
    }

    private final CertificateIssue issue;
    private final PeerIdentities peers;

    IdentitiesController(CertificateIssue issue, PeerIdentities peers) {
        this.issue = issue;
        this.peers = peers;
    }

    @PostMapping("/v1/identities/join")
    Issued join(@RequestBody Join join) {
        try {
            return Issued.of(issue.join(join.service(), join.joinToken(), CertificatePem.request(join.csr())));
        } catch (JoinTokens.Refused _) {
            throw new ProblemException(JOIN_REFUSED);
        } catch (SigningRequest.Refused | CertificateException _) {
            throw new ProblemException(REQUEST_REFUSED);
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        } catch (LedgerStandsBy | LedgerUnwritable | RegistrationRefused _) {
            // What cannot be denied later is not handed out.
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }

    @PostMapping("/v1/identities/kubernetes")
    Issued attest(@RequestBody Attestation attestation) {
        try {
            return Issued.of(issue.attest(
                    attestation.service(), attestation.token(), CertificatePem.request(attestation.csr())));
        } catch (ServiceAccounts.Refused refused) {
            throw new ProblemException(
                    refused.refusal() == ServiceAccounts.Refusal.UNAVAILABLE ? Problem.UNAVAILABLE : ACCOUNT_REFUSED);
        } catch (SigningRequest.Refused | CertificateException _) {
            throw new ProblemException(REQUEST_REFUSED);
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        } catch (LedgerStandsBy | LedgerUnwritable | RegistrationRefused _) {
            // What cannot be denied later is not handed out.
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }

    @PostMapping("/v1/identities/renew")
    Issued renew(HttpServletRequest request, @RequestBody Renewal renewal) {
        URI peer = peers.require(request, Door.RENEWAL);
        try {
            return issue.renew(peer, presented(request), CertificatePem.request(renewal.csr()))
                    .map(Issued::of)
                    .orElseThrow(() -> new ProblemException(Problem.PEER_NOT_ALLOWED));
        } catch (SigningRequest.Refused | CertificateException _) {
            throw new ProblemException(REQUEST_REFUSED);
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        } catch (LedgerStandsBy | LedgerUnwritable | RegistrationRefused _) {
            // What cannot be denied later is not handed out.
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }

    /// Where [PeerIdentities] has found an identity there is a certificate.
    private static X509Certificate presented(HttpServletRequest request) {
        if (request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain && chain.length > 0) {
            return chain[0];
        }
        throw new ProblemException(Problem.CLIENT_CERTIFICATE_REQUIRED);
    }
}
