package dev.postern.identity;

import java.net.Socket;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts one workload of the platform, not all of them: the chain must hold and the leaf must carry that SPIFFE id.
///
/// Guarantee: a handshake with any other server fails before a byte of a request is sent. Non-guarantee: a resumed TLS
/// session is not checked again, so sessions are kept shorter than certificates.
final class PinnedTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager chains;
    private final URI expected;

    PinnedTrust(X509ExtendedTrustManager chains, URI expected) {
        this.chains = chains;
        this.expected = expected;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        chains.checkServerTrusted(chain, authType, engine);
        requireExpected(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        chains.checkServerTrusted(chain, authType, socket);
        requireExpected(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a server is trusted only on a connection whose host is known");
    }

    private void requireExpected(X509Certificate[] chain) throws CertificateException {
        if (!PeerIdentity.of(chain[0]).equals(Optional.of(expected))) {
            throw new CertificateException("the server is not " + expected);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("this trust is for connections to a service");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this trust is for connections to a service");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this trust is for connections to a service");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }
}
