package dev.postern.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/// What an authority answers: the certificate chain, leaf first and without the anchor, and the anchors to trust
/// from now on.
public record IssuedChain(List<X509Certificate> chain, List<X509Certificate> anchors) {
    public IssuedChain {
        chain = List.copyOf(chain);
        anchors = List.copyOf(anchors);
        if (chain.isEmpty() || anchors.isEmpty()) {
            throw new IllegalArgumentException("an issued chain has a leaf and at least one anchor");
        }
    }

    /// Whether the leaf leads to one of `trusted` at `moment`.
    ///
    /// @throws IdentityUnavailable if it does not
    void requireLeadsTo(List<X509Certificate> trusted, Instant moment) {
        try {
            PKIXParameters parameters = new PKIXParameters(trusted.stream()
                    .map(anchor -> new TrustAnchor(anchor, null))
                    .collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(moment));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
        } catch (GeneralSecurityException e) {
            throw new IdentityUnavailable(
                    IdentityUnavailable.Reason.INVALID_ANSWER,
                    "The issued certificate does not lead to the authority's anchors.",
                    e);
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }
}
