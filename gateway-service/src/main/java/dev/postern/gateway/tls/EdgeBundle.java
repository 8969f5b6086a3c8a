package dev.postern.gateway.tls;

import dev.postern.identity.WorkloadIdentity;
import java.security.KeyStore;
import java.time.Clock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/// The SSL bundle `postern-edge`: this service's live identity towards clients, and any certificate from them.
///
/// The bundle is given out anew at each renewal, so that no TLS session outlives the certificate it began under; and
/// with each generation of ticket keys.
final class EdgeBundle implements SslBundleRegistrar {
    static final String NAME = "postern-edge";

    private final WorkloadIdentity identity;
    private final Clock clock;

    EdgeBundle(WorkloadIdentity identity, Clock clock) {
        this.identity = identity;
        this.clock = clock;
    }

    @Override
    public void registerBundles(SslBundleRegistry registry) {
        registry.registerBundle(NAME, bundle());
        identity.onChange(_ -> registry.updateBundle(NAME, bundle()));
        identity.onForgetSessions(() -> registry.updateBundle(NAME, bundle()));
    }

    private SslBundle bundle() {
        return SslBundle.of(
                SslStoreBundle.NONE,
                SslBundleKey.NONE,
                SslOptions.of(null, new String[] {"TLSv1.3"}),
                "TLS",
                SslManagerBundle.of(new Keys(identity.keyManager()), new Trust(new AnyClientCertificate(clock))));
    }

    /// One key manager as the factory that Netty asks for.
    private static final class Keys extends KeyManagerFactory {
        Keys(KeyManager manager) {
            super(
                    new KeyManagerFactorySpi() {
                        @Override
                        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {}

                        @Override
                        protected void engineInit(ManagerFactoryParameters parameters) {}

                        @Override
                        protected KeyManager[] engineGetKeyManagers() {
                            return new KeyManager[] {manager};
                        }
                    },
                    null,
                    "live-identity");
        }
    }

    /// One trust manager as the factory that Netty asks for.
    private static final class Trust extends TrustManagerFactory {
        Trust(TrustManager manager) {
            super(
                    new TrustManagerFactorySpi() {
                        @Override
                        protected void engineInit(@Nullable KeyStore store) {}

                        @Override
                        protected void engineInit(ManagerFactoryParameters parameters) {}

                        @Override
                        protected TrustManager[] engineGetTrustManagers() {
                            return new TrustManager[] {manager};
                        }
                    },
                    null,
                    "any-client-certificate");
        }
    }
}
