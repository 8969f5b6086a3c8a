package dev.postern.chassis.identity;

import dev.postern.identity.IdentityDocument;
import dev.postern.identity.WorkloadIdentity;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.netty.handler.ssl.util.TrustManagerFactoryWrapper;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/// The workload identity as Spring's SSL bundle `postern`: servers reload it at each renewal, so that no TLS session
/// outlives the certificate it began under, and when sessions are to be forgotten: each time with a new TLS context.
///
/// Netty takes the live managers from it, Tomcat only stores, in whose place [dev.postern.chassis.tls.TomcatTls] puts
/// them. Boot hands a renewed bundle to servers only; clients (gRPC, Netty, `HttpClient`) take the live managers of
/// [WorkloadIdentity] instead, once.
final class IdentityBundle implements SslBundleRegistrar {
    static final String NAME = "postern";

    private static final String ALIAS = "identity";
    /// The key store lives in memory only; Tomcat refuses one without a password.
    private static final String IN_MEMORY = "in-memory";

    private final WorkloadIdentity identity;

    IdentityBundle(WorkloadIdentity identity) {
        this.identity = identity;
    }

    @Override
    public void registerBundles(SslBundleRegistry registry) {
        registry.registerBundle(NAME, bundle(identity.current()));
        identity.onChange(document -> registry.updateBundle(NAME, bundle(document)));
        identity.onForgetSessions(() -> registry.updateBundle(NAME, bundle(identity.current())));
    }

    private SslBundle bundle(IdentityDocument document) {
        SslStoreBundle stores = SslStoreBundle.of(keyStore(document), IN_MEMORY, trustStore(document.anchors()));
        SslOptions options = SslOptions.of(null, new String[] {"TLSv1.3"});
        return SslBundle.of(
                stores,
                SslBundleKey.of(IN_MEMORY, ALIAS),
                options,
                "TLS",
                SslManagerBundle.of(
                        new KeyManagerFactoryWrapper(identity.keyManager()),
                        new TrustManagerFactoryWrapper(identity.trustManager())));
    }

    private static KeyStore keyStore(IdentityDocument document) {
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry(
                    ALIAS,
                    document.privateKey(),
                    IN_MEMORY.toCharArray(),
                    document.chain().toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK could not hold a key in memory", e);
        }
    }

    private static KeyStore trustStore(List<X509Certificate> anchors) {
        try {
            KeyStore store = emptyStore();
            for (int i = 0; i < anchors.size(); i++) {
                store.setCertificateEntry("anchor-" + i, anchors.get(i));
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK could not hold a certificate in memory", e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
