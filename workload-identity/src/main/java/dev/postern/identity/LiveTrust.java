package dev.postern.identity;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// The trust manager whose anchors are exchanged under living contexts. Chain and host name are checked by the
/// JDK's PKIX manager over the current anchors; nothing of the JDK's own trust store is consulted. A denied leaf is
/// refused, whatever its chain.
final class LiveTrust extends X509ExtendedTrustManager {
    private final DeniedCertificates denied;
    private final PeerSightings sightings;
    private volatile X509ExtendedTrustManager current;

    LiveTrust(List<X509Certificate> anchors, DeniedCertificates denied, PeerSightings sightings) {
        this.denied = denied;
        this.sightings = sightings;
        this.current = over(anchors);
    }

    private void accept(X509Certificate[] chain) throws CertificateException {
        denied.refuse(chain[0]);
        sightings.add(chain[0]);
    }

    void swap(List<X509Certificate> anchors) {
        current = over(anchors);
    }

    static X509ExtendedTrustManager over(List<X509Certificate> anchors) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < anchors.size(); i++) {
                store.setCertificateEntry("anchor-" + i, anchors.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK can hold trust anchors in memory", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        current.checkClientTrusted(chain, authType, socket);
        accept(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        current.checkServerTrusted(chain, authType, socket);
        accept(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        current.checkClientTrusted(chain, authType, engine);
        accept(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        current.checkServerTrusted(chain, authType, engine);
        accept(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        current.checkClientTrusted(chain, authType);
        accept(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        current.checkServerTrusted(chain, authType);
        accept(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return current.getAcceptedIssuers();
    }
}
