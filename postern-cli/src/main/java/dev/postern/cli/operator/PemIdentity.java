package dev.postern.cli.operator;

import dev.postern.cli.terminal.Failure;
import dev.postern.identity.CertificatePem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// TLS settings from PEM files: an own certificate where one is needed, and the platform's CA as the only anchor.
public final class PemIdentity {
    private static final char[] IN_MEMORY = {};

    private PemIdentity() {}

    /// For servers that ask for no client certificate.
    public static SSLContext trusting(Path caCertificate) {
        try {
            return context(null, trust(caCertificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has TLS 1.3", e);
        }
    }

    /// For servers that ask for a client certificate.
    public static SSLContext identified(Path certificate, Path key, Path caCertificate) {
        try {
            KeyStore store = empty();
            store.setKeyEntry(
                    "identity",
                    privateKey(key),
                    IN_MEMORY,
                    certificates(certificate).toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, IN_MEMORY);
            return context(keys, trust(caCertificate));
        } catch (GeneralSecurityException e) {
            throw new Failure("The identity in " + certificate + " cannot be used.", e);
        }
    }

    /// The trust manager alone, for clients that want it beside their sockets.
    public static X509TrustManager trustManager(Path caCertificate) {
        return (X509TrustManager) trust(caCertificate).getTrustManagers()[0];
    }

    public static List<X509Certificate> certificates(Path file) {
        try {
            return CertificatePem.certificates(Files.readString(file));
        } catch (IOException e) {
            throw new Failure(file + " cannot be read: is the platform up? (./postern up)", e);
        } catch (GeneralSecurityException e) {
            throw new Failure(file + " does not hold a certificate.", e);
        }
    }

    private static PrivateKey privateKey(Path file) throws GeneralSecurityException {
        try {
            String pem = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
            return KeyFactory.getInstance("EC")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
        } catch (IOException e) {
            throw new Failure(file + " cannot be read: is the platform up? (./postern up)", e);
        }
    }

    private static TrustManagerFactory trust(Path caCertificate) {
        try {
            KeyStore store = empty();
            List<X509Certificate> anchors = certificates(caCertificate);
            for (int i = 0; i < anchors.size(); i++) {
                store.setCertificateEntry("anchor-" + i, anchors.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust;
        } catch (GeneralSecurityException e) {
            throw new Failure("The CA certificate in " + caCertificate + " cannot be used.", e);
        }
    }

    private static SSLContext context(@Nullable KeyManagerFactory keys, TrustManagerFactory trust)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new IllegalStateException("an empty key store reads nothing", e);
        }
    }
}
