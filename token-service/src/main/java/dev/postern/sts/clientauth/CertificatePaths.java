package dev.postern.sts.clientauth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Whether client certificates lead to an authority (RFC 5280 section 6): the listener takes any certificate, so that
/// this is the only place where one is believed.
///
/// A chain that held is remembered with its anchors and checked for its times alone until they change. Revocation lists
/// are not read: a registration or its authority is taken away here instead. Thread-safe.
public final class CertificatePaths {

    private static final int MAX_CHAIN = 4;
    private static final int MOST_REMEMBERED = 1_000;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final Set<String> CLIENT_PURPOSES = Set.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");

    private record Held(List<X509Certificate> chain, Set<X509Certificate> anchors) {}

    private final Clock clock;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();

    public CertificatePaths(Clock clock) {
        this.clock = clock;
    }

    /// Whether the chain leads to one of the anchors now, and its leaf is a client's certificate: not an authority's,
    /// and not for another purpose.
    ///
    /// @param chain leaf first; an anchor in it is ignored
    public boolean lead(List<X509Certificate> chain, Collection<X509Certificate> anchors) {
        if (chain.isEmpty() || chain.size() > MAX_CHAIN || anchors.contains(chain.getFirst())) {
            return false;
        }
        Instant now = clock.instant();
        if (!chain.stream().allMatch(certificate -> isInTime(certificate, now)) || !isClients(chain.getFirst())) {
            return false;
        }
        Held candidate = new Held(List.copyOf(chain), Set.copyOf(anchors));
        if (held.contains(candidate)) {
            return candidate.anchors().stream().allMatch(anchor -> isInTime(anchor, now));
        }
        if (!isValid(candidate, now)) {
            return false;
        }
        if (held.size() >= MOST_REMEMBERED) {
            held.clear();
        }
        held.add(candidate);
        return true;
    }

    /// RFC 8705 `x5t#S256`.
    public static String thumbprint(X509Certificate certificate) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    boolean isInTime(X509Certificate certificate) {
        return isInTime(certificate, clock.instant());
    }

    private static boolean isInTime(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && now.isBefore(certificate.getNotAfter().toInstant());
    }

    private static boolean isClients(X509Certificate leaf) {
        try {
            List<String> purposes = leaf.getExtendedKeyUsage();
            boolean[] usage = leaf.getKeyUsage();
            return leaf.getBasicConstraints() < 0
                    && (purposes == null || purposes.stream().anyMatch(CLIENT_PURPOSES::contains))
                    && (usage == null || usage[DIGITAL_SIGNATURE]);
        } catch (CertificateParsingException _) {
            return false;
        }
    }

    private static boolean isValid(Held candidate, Instant now) {
        try {
            PKIXParameters parameters = new PKIXParameters(candidate.anchors().stream()
                    .map(anchor -> new TrustAnchor(anchor, null))
                    .collect(Collectors.toUnmodifiableSet()));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(candidate.chain().stream()
                                            .filter(certificate ->
                                                    !candidate.anchors().contains(certificate))
                                            .toList()),
                            parameters);
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
