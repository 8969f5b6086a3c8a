package dev.postern.vault;

import dev.postern.identity.CertificateAuthority;
import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityUnavailable;
import dev.postern.identity.IdentityUnavailable.Reason;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.IssuedChain;
import dev.postern.identity.SigningRequest;
import dev.postern.identity.SubjectName;
import dev.postern.kms.KeyManagementException;
import dev.postern.vault.VaultMetrics.Operation;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The platform CA at the PKI engine of a Vault or OpenBao: its key is made there and never leaves.
///
/// Guarantees: the names are those of the grant, sent by this service (the role ignores the request's own), and an
/// answer with other names, another key or a longer life is refused, whatever the engine's role says. Not guaranteed:
/// certificates while the server is away: who has one goes on with it until it ends.
final class VaultAuthority implements CertificateAuthority {
    private static final int URI = 6;
    private static final int DNS = 2;
    private static final int IP = 7;
    /// What clocks may differ by.
    private static final Duration TOLERANCE = Duration.ofSeconds(30);

    private final VaultLink link;
    private final String mount;
    private final String role;
    private final Clock clock;
    private final X509Certificate anchor;

    private VaultAuthority(VaultLink link, String mount, String role, Clock clock, X509Certificate anchor) {
        this.link = link;
        this.mount = mount;
        this.role = role;
        this.clock = clock;
        this.anchor = anchor;
    }

    /// Reads the anchor: the end of the engine's chain.
    ///
    /// @throws KeyManagementException with one sentence
    static VaultAuthority open(VaultLink link, String mount, String role, Clock clock) {
        String pem = link.read(Operation.READ_ANCHOR, mount + "/cert/ca_chain")
                .map(answer -> VaultLink.text(answer, "certificate"))
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new KeyManagementException(
                        KeyManagementException.Reason.UNKNOWN_KEY, "The Vault's " + mount + " has no CA: set it up."));
        try {
            return new VaultAuthority(
                    link, mount, role, clock, CertificatePem.certificates(pem).getLast());
        } catch (CertificateException e) {
            throw new KeyManagementException(
                    KeyManagementException.Reason.UNAVAILABLE, "The Vault's " + mount + " has no readable CA.", e);
        }
    }

    @Override
    public X509Certificate certificate() {
        return anchor;
    }

    @Override
    public IssuedChain issue(byte[] csrDer, InMemoryAuthority.Grant grant) throws SigningRequest.Refused {
        SigningRequest request = grant.check(csrDer);
        Map<String, Object> answer = sign(csrDer, grant);
        try {
            X509Certificate leaf = CertificatePem.certificates(VaultLink.text(answer, "certificate"))
                    .getFirst();
            requireGranted(leaf, request, grant);
            return new IssuedChain(
                    Stream.concat(Stream.of(leaf), intermediates(answer).stream())
                            .toList(),
                    List.of(anchor));
        } catch (CertificateException | KeyManagementException e) {
            throw new IdentityUnavailable(
                    Reason.INVALID_ANSWER, "The Vault's answer is not a certificate as granted.", e);
        }
    }

    private Map<String, Object> sign(byte[] csrDer, InMemoryAuthority.Grant grant) {
        try {
            return link.write(
                    Operation.CERTIFY,
                    mount + "/sign/" + role,
                    Map.of(
                            "csr", CertificatePem.encodeRequest(csrDer),
                            "ttl", grant.lifetime().toSeconds() + "s",
                            "uri_sans", grant.spiffeId().toString(),
                            "alt_names", hosts(grant, SubjectName.Kind.DNS),
                            "ip_sans", hosts(grant, SubjectName.Kind.IP),
                            "exclude_cn_from_sans", true));
        } catch (VaultRejected rejected) {
            throw new IdentityUnavailable(
                    Reason.REFUSED, "The Vault's role " + role + " does not allow what was granted.", rejected);
        } catch (KeyManagementException failure) {
            boolean denied = failure.reason() == KeyManagementException.Reason.DENIED;
            throw new IdentityUnavailable(
                    denied ? Reason.REFUSED : Reason.UNREACHABLE, "The CA at the Vault cannot sign now.", failure);
        }
    }

    private static String hosts(InMemoryAuthority.Grant grant, SubjectName.Kind kind) {
        return grant.hosts().stream()
                .filter(host -> SubjectName.host(host).kind() == kind)
                .collect(Collectors.joining(","));
    }

    private void requireGranted(X509Certificate leaf, SigningRequest request, InMemoryAuthority.Grant grant)
            throws CertificateException {
        if (!leaf.getPublicKey().equals(request.publicKey())) {
            throw new CertificateException("for another key");
        }
        Set<String> granted = new HashSet<>();
        granted.add(name(URI, grant.spiffeId().toString()));
        for (String host : grant.hosts()) {
            granted.add(name(SubjectName.host(host).kind() == SubjectName.Kind.IP ? IP : DNS, host));
        }
        if (!names(leaf).equals(granted)
                || !leaf.getSubjectX500Principal().getName().isEmpty()) {
            throw new CertificateException("with other names");
        }
        if (leaf.getBasicConstraints() >= 0) {
            throw new CertificateException("of a CA");
        }
        if (leaf.getNotAfter()
                .toInstant()
                .isAfter(clock.instant().plus(grant.lifetime()).plus(TOLERANCE))) {
            throw new CertificateException("with a longer life");
        }
    }

    private static Set<String> names(X509Certificate leaf) throws CertificateParsingException {
        var alternatives = leaf.getSubjectAlternativeNames();
        return alternatives == null
                ? Set.of()
                : alternatives.stream()
                        .map(name -> name((Integer) name.getFirst(), String.valueOf(name.get(1))))
                        .collect(Collectors.toSet());
    }

    private static String name(int kind, String value) {
        return kind + ":" + value;
    }

    private List<X509Certificate> intermediates(Map<String, Object> answer) throws CertificateException {
        if (!(answer.get("ca_chain") instanceof List<?> chain) || chain.isEmpty()) {
            return List.of();
        }
        String pem = chain.stream().map(String::valueOf).collect(Collectors.joining("\n"));
        return CertificatePem.certificates(pem).stream()
                .filter(certificate -> !certificate.equals(anchor))
                .toList();
    }
}
