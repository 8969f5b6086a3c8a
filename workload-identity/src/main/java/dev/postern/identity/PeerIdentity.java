package dev.postern.identity;

import java.net.URI;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Reads who a peer is from its certificate, as SPIFFE X.509-SVID section 2 has it: exactly one URI SAN, of scheme
/// `spiffe`.
///
/// Not guaranteed: that the certificate is genuine. Ask only for certificates that TLS has verified.
public final class PeerIdentity {
    private static final int URI_NAME = 6;

    private PeerIdentity() {}

    /// The peer's SPIFFE id, or nothing if the certificate names none, several, or one that is no clean SPIFFE id.
    public static Optional<URI> of(X509Certificate leaf) {
        Collection<List<?>> names;
        try {
            names = leaf.getSubjectAlternativeNames();
        } catch (CertificateParsingException _) {
            return Optional.empty();
        }
        if (names == null) {
            return Optional.empty();
        }
        List<String> uris = names.stream()
                .filter(name -> Integer.valueOf(URI_NAME).equals(name.get(0)))
                .map(name -> String.valueOf(name.get(1)))
                .toList();
        return uris.size() == 1 ? TrustDomain.spiffeId(uris.getFirst()) : Optional.empty();
    }
}
