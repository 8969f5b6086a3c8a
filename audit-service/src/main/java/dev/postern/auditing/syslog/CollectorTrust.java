package dev.postern.auditing.syslog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Whom a collector's certificate must come from.
final class CollectorTrust {
    private CollectorTrust() {}

    /// Trusts the authorities in a PEM file, and nobody else.
    ///
    /// @throws SyslogUnusable when it holds none
    static X509ExtendedTrustManager of(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> authorities =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate authority : authorities) {
                trusted.setCertificateEntry("authority-" + number++, authority);
            }
            if (number == 0) {
                throw new SyslogUnusable(file + " holds no certificate: postern.audit.syslog.ca is a PEM file.");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(trusted);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException | GeneralSecurityException e) {
            throw new SyslogUnusable(
                    file + " cannot be read: postern.audit.syslog.ca is a PEM file of the collector's authority.", e);
        }
    }
}
