package dev.postern.relay.redaction;

import dev.postern.identity.PeerIdentity;
import java.net.Socket;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts one workload only: a valid chain is not enough, the certificate must carry the expected SPIFFE id.
final class PinnedPeerTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager chains;
    private final URI expected;

    PinnedPeerTrust(X509ExtendedTrustManager chains, URI expected) {
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
        chains.checkServerTrusted(chain, authType);
        requireExpected(chain);
    }

    private void requireExpected(X509Certificate[] chain) throws CertificateException {
        if (!PeerIdentity.of(chain[0]).equals(Optional.of(expected))) {
            throw new CertificateException("the server is not " + expected);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("for clients only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("for clients only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("for clients only");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }
}
