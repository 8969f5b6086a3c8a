package dev.postern.chassis.bearer;

import jakarta.servlet.http.HttpServletRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/// The certificate whose key the client proved in the TLS handshake; headers are never looked at.
final class ClientCertificates {
    private static final String ATTRIBUTE = "jakarta.servlet.request.X509Certificate";

    private ClientCertificates() {}

    /// `x5t#S256` (RFC 8705); empty without a certificate that is still valid, for a connection may outlive its own.
    static Optional<String> thumbprint(HttpServletRequest request, Instant now) {
        if (!(request.getAttribute(ATTRIBUTE) instanceof X509Certificate[] chain)
                || chain.length == 0
                || now.isAfter(chain[0].getNotAfter().toInstant())) {
            return Optional.empty();
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
            return Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
        } catch (CertificateEncodingException _) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
