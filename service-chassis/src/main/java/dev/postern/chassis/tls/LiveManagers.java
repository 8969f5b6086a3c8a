package dev.postern.chassis.tls;

import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslManagerBundle;

/// Managers that follow the identity, as the factories that an SSL bundle and Netty ask for.
public final class LiveManagers {
    private LiveManagers() {}

    public static SslManagerBundle of(KeyManager keys, TrustManager trust) {
        return SslManagerBundle.of(new Keys(keys), new Trust(trust));
    }

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
                    "live-keys");
        }
    }

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
                    "live-trust");
        }
    }
}
