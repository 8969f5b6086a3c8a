package dev.postern.sts.clientauth;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Lets clients connect with any certificate, as certificate-bound tokens need it (RFC 8705 section 7.2). But
/// for one whose serial number the platform denies.
///
/// Guarantee: TLS 1.3 proves that the client holds the certificate's key. Non-guarantee: anything else about it.
/// Whoever believes a name in it asks [CertificatePaths]. It believes no server at all.
final class AnyCertificate extends X509ExtendedTrustManager {
    private final Predicate<X509Certificate> denied;

    AnyCertificate(Predicate<X509Certificate> denied) {
        this.denied = denied;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (denied.test(chain[0])) {
            throw new CertificateException("the certificate is denied");
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no server is believed here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("no server is believed here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("no server is believed here");
    }

    /// None: the client sends what it has, whoever issued it.
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
