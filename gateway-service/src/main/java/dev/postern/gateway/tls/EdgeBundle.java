package dev.postern.gateway.tls;

import dev.postern.identity.WorkloadIdentity;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.netty.handler.ssl.util.TrustManagerFactoryWrapper;
import java.time.Clock;
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
                SslManagerBundle.of(
                        new KeyManagerFactoryWrapper(identity.keyManager()),
                        new TrustManagerFactoryWrapper(new AnyClientCertificate(clock))));
    }
}
