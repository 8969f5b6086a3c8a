package dev.postern.rotation.authority;

import dev.postern.identity.CertificatePem;
import dev.postern.kms.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/// The CA's certificate where everybody finds it.
final class PublishedAnchor {
    private final DurableFile file;

    PublishedAnchor(Path file) {
        this.file = new DurableFile(file, DurableFile.Audience.EVERYBODY);
    }

    boolean exists() {
        return Files.exists(file.path());
    }

    /// Leaves the file alone where the certificate is in it already.
    void publish(X509Certificate certificate) {
        if (!published().contains(certificate)) {
            try {
                file.replace(CertificatePem.encode(certificate).getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new AuthorityUnusable("The CA certificate " + this + " cannot be written.", e);
            }
        }
    }

    /// As [#publish], but never in place of another CA's certificate: for a CA that is kept elsewhere, so that a wrong
    /// address cannot silently begin a new trust domain.
    void adopt(X509Certificate certificate) {
        List<X509Certificate> present = published();
        if (!present.isEmpty() && !present.contains(certificate)) {
            throw new AuthorityUnusable("There is another CA's certificate in " + this
                    + ": set the CA up that it belongs to, or delete it to begin a new trust domain.");
        }
        publish(certificate);
    }

    private List<X509Certificate> published() {
        try {
            return exists() ? CertificatePem.certificates(Files.readString(file.path())) : List.of();
        } catch (CertificateException _) {
            // Not a certificate: to be replaced.
            return List.of();
        } catch (IOException e) {
            throw new AuthorityUnusable("The CA certificate " + this + " cannot be read.", e);
        }
    }

    @Override
    public String toString() {
        return file.path().toString();
    }
}
