package dev.postern.chassis.tls;

import dev.postern.identity.WorkloadIdentity;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;

/// The live identity in Tomcat. From an SSL bundle Tomcat takes stores, and makes managers of its own of them: they
/// know no denied certificate, and would show one of ours that has run out.
///
/// Guarantee: handshakes ask the live managers, so that a peer whose certificate is denied fails them, and nothing is
/// resumed that began before a denial or a renewal. In TLS 1.3 the peer has ended its own part of the handshake by then
/// and hears of it with its first read; no request of it was read. Boot's renewals of the bundle do not undo this.
public final class TomcatTls {
    private TomcatTls() {}

    /// For each listener that has TLS.
    ///
    /// @param tls of that identity, such as [WorkloadIdentity#sslContext()]
    public static TomcatConnectorCustomizer under(WorkloadIdentity identity, SSLContext tls) {
        return connector -> {
            for (SSLHostConfig host : connector.findSslHostConfigs()) {
                for (SSLHostConfigCertificate certificate : host.getCertificates()) {
                    certificate.setSslContext(new Live(identity, tls));
                }
            }
        };
    }

    /// What Tomcat asks of a context that somebody else made.
    private record Live(WorkloadIdentity identity, SSLContext tls) implements org.apache.tomcat.util.net.SSLContext {
        @Override
        public void init(
                KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random) {}

        @Override
        public void destroy() {}

        @Override
        public SSLSessionContext getServerSessionContext() {
            return tls.getServerSessionContext();
        }

        @Override
        public SSLEngine createSSLEngine() {
            return tls.createSSLEngine();
        }

        @Override
        public SSLServerSocketFactory getServerSocketFactory() {
            return tls.getServerSocketFactory();
        }

        @Override
        public SSLParameters getSupportedSSLParameters() {
            return tls.getSupportedSSLParameters();
        }

        @Override
        public X509Certificate[] getCertificateChain(@Nullable String alias) {
            return identity.current().chain().toArray(X509Certificate[]::new);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return identity.trustManager().getAcceptedIssuers();
        }
    }
}
