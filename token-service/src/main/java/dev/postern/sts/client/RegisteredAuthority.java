package dev.postern.sts.client;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;

/// The certificate authority that vouches for one client; it vouches for nobody else.
public record RegisteredAuthority(X509Certificate certificate) {

    private static final int MAX_LENGTH = 8 * 1024;

    public RegisteredAuthority {
        if (certificate.getBasicConstraints() < 0) {
            throw new IllegalArgumentException("a client's authority is a CA certificate");
        }
    }

    /// Reads one PEM certificate.
    ///
    /// @throws IllegalArgumentException if it is not one, or not an authority's
    public static RegisteredAuthority parse(String pem) {
        if (pem.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a client's authority is one PEM certificate of at most 8 KiB");
        }
        try {
            return new RegisteredAuthority((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
        } catch (CertificateException _) {
            throw new IllegalArgumentException("a client's authority is one PEM certificate of at most 8 KiB");
        }
    }

    /// The certificate as PEM.
    public String toPem() {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }
}
