package dev.postern.gateway.relay;

import dev.postern.identity.PeerIdentity;
import java.net.Socket;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts one service of the platform, not all of them: the chain must hold and the leaf must name that service.
///
/// Guarantee: a handshake with any other identity fails, before a byte of a request is sent. Non-guarantee: a resumed
/// TLS session is not checked again, so sessions must be kept shorter than certificates.
final class PinnedTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager platform;
    private final URI peer;

    PinnedTrust(X509ExtendedTrustManager platform, URI peer) {
        this.platform = platform;
        this.peer = peer;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        platform.checkServerTrusted(chain, authType, engine);
        requirePeer(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        platform.checkServerTrusted(chain, authType, socket);
        requirePeer(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a server is only trusted on a connection whose host is known");
    }

    private void requirePeer(X509Certificate[] chain) throws CertificateException {
        if (!PeerIdentity.of(chain[0]).filter(peer::equals).isPresent()) {
            throw new CertificateException("the server has another identity than " + peer);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw clientsOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw clientsOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw clientsOnly();
    }

    private static CertificateException clientsOnly() {
        return new CertificateException("this trust is for connections to a service");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return platform.getAcceptedIssuers();
    }
}
