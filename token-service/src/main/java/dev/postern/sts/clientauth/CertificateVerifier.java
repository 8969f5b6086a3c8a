package dev.postern.sts.clientauth;

import dev.postern.identity.PeerIdentity;
import dev.postern.identity.TrustDomain;
import dev.postern.sts.client.CertificateSubject;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.Proof;
import dev.postern.sts.client.RegisteredAuthority;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Whether a connection's certificate proves a client, by the way that is registered for it.
///
/// The stock verifier compares the subject's distinguished name alone, against any authority the listener trusts.
final class CertificateVerifier {

    private static final int DNS_NAME = 2;
    private static final int URI_NAME = 6;

    private final TrustDomain trustDomain;
    private final Supplier<? extends Collection<X509Certificate>> platform;
    private final CertificatePaths paths;

    /// @param platform the platform's trust anchors at each moment
    CertificateVerifier(
            TrustDomain trustDomain, Supplier<? extends Collection<X509Certificate>> platform, CertificatePaths paths) {
        this.trustDomain = trustDomain;
        this.platform = platform;
        this.paths = paths;
    }

    boolean proves(ClientRegistration client, List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            return false;
        }
        X509Certificate leaf = chain.getFirst();
        return switch (client.proof()) {
            case Proof.WorkloadCertificate _ ->
                isWorkload(leaf, client.clientId()) && paths.lead(chain, platform.get());
            case Proof.PkiCertificate(CertificateSubject subject, RegisteredAuthority authority) ->
                isSubject(leaf, subject) && paths.lead(chain, List.of(authority.certificate()));
            case Proof.SelfSignedCertificate(Set<String> thumbprints) ->
                thumbprints.contains(CertificatePaths.thumbprint(leaf)) && paths.isInTime(leaf);
            case Proof.SignedAssertion _, Proof.Secret _ -> false;
        };
    }

    private boolean isWorkload(X509Certificate leaf, String clientId) {
        return PeerIdentity.of(leaf)
                .flatMap(trustDomain::workloadOf)
                .filter(clientId::equals)
                .isPresent();
    }

    private static boolean isSubject(X509Certificate leaf, CertificateSubject subject) {
        return switch (subject) {
            case CertificateSubject.DistinguishedName(var name) -> name.equals(leaf.getSubjectX500Principal());
            case CertificateSubject.Uri(String uri) -> names(leaf, URI_NAME).contains(uri);
            case CertificateSubject.Dns(String dns) ->
                names(leaf, DNS_NAME).stream().anyMatch(dns::equalsIgnoreCase);
        };
    }

    private static List<String> names(X509Certificate leaf, int kind) {
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.getFirst() instanceof Integer actual && actual == kind)
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException _) {
            return List.of();
        }
    }
}
