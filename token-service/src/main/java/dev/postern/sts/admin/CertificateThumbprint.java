package dev.postern.sts.admin;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;

/// `x5t#S256` of RFC 8705: base64url of the SHA-256 of a certificate.
final class CertificateThumbprint {

    private CertificateThumbprint() {}

    static String of(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that TLS took can be encoded", e);
        }
    }
}
