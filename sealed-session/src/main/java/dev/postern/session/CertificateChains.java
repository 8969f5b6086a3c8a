package dev.postern.session;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Path validation (RFC 5280) to fixed anchors. Revocation is by the certificates' short life.
final class CertificateChains {
    private static final int URI_NAME = 6;

    private final Set<X509Certificate> anchors;

    CertificateChains(Collection<X509Certificate> anchors) {
        if (anchors.isEmpty()) {
            throw new IllegalArgumentException("at least one anchor");
        }
        this.anchors = Set.copyOf(anchors);
    }

    boolean leadToAnchor(List<X509Certificate> chain, Instant now, Duration tolerance) {
        // An anchor sent along is not part of the path.
        List<X509Certificate> path = chain.stream()
                .filter(certificate -> !anchors.contains(certificate))
                .toList();
        if (path.isEmpty() || !path.getFirst().equals(chain.getFirst())) {
            return false;
        }
        Instant when = within(path, now);
        if (Duration.between(when, now).abs().compareTo(tolerance) > 0) {
            return false;
        }
        try {
            PKIXParameters parameters = new PKIXParameters(anchors.stream()
                    .map(anchor -> new TrustAnchor(anchor, null))
                    .collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(when));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /// The time nearest to now at which every certificate of the path is valid, if there is one.
    private static Instant within(List<X509Certificate> path, Instant now) {
        Instant when = now;
        for (X509Certificate certificate : path) {
            Instant from = certificate.getNotBefore().toInstant();
            when = when.isBefore(from) ? from : when;
        }
        for (X509Certificate certificate : path) {
            Instant until = certificate.getNotAfter().toInstant();
            when = when.isAfter(until) ? until : when;
        }
        return when;
    }

    /// The URI names of a certificate.
    static Set<String> identities(X509Certificate certificate) {
        Set<String> uris = new HashSet<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> name : names) {
                    if (Integer.valueOf(URI_NAME).equals(name.get(0)) && name.get(1) instanceof String uri) {
                        uris.add(uri);
                    }
                }
            }
            return uris;
        } catch (CertificateParsingException _) {
            return Set.of();
        }
    }
}
