package dev.postern.redis;

import dev.postern.identity.WorkloadIdentity;
import io.lettuce.core.SslOptions;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// TLS 1.3 to Redis as this workload: shows its certificate to a Redis that asks for one, and keeps no connection for
/// longer than that certificate, or Redis' own, is good.
///
/// Each connection has a context of its own: nothing is resumed, and what begins after a renewal shows the new
/// certificate.
///
/// The one place here that knows Netty, for Lettuce shows its channels in no other way.
final class RedisTls implements NettyCustomizer {
    private static final String PROTOCOL = "TLSv1.3";

    private final RedisTrust trust;
    private final WorkloadIdentity identity;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();

    RedisTls(RedisTrust trust, WorkloadIdentity identity) {
        this.trust = trust;
        this.identity = identity;
    }

    SslOptions options() {
        return SslOptions.builder()
                .jdkSslProvider()
                .protocols(PROTOCOL)
                .sslContext(this::configure)
                .build();
    }

    /// Called for every connection.
    private void configure(SslContextBuilder context) {
        context.keyManager(identity.keyManager());
        switch (trust) {
            case RedisTrust.PublicAuthorities() -> {
                // What the JDK does by itself.
            }
            case RedisTrust.Authority(Path file) -> context.trustManager(authorities(file));
            case RedisTrust.Workload(var spiffeId) -> context.trustManager(identity.trustManager(spiffeId));
        }
    }

    private static X509ExtendedTrustManager authorities(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("anchor-" + store.size(), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("postern.redis.ca-certificate holds no certificates in PEM", e);
        }
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            throw new IllegalStateException("a connection to Redis without the TLS it was configured for");
        }
        open.add(channel);
        channel.closeFuture().addListener(_ -> open.remove(channel));
        tls.handshakeFuture().addListener(handshake -> {
            if (handshake.isSuccess()) {
                Runnable ended = identity.connections().add(tls.engine().getSession(), () -> end(channel));
                channel.closeFuture().addListener(_ -> ended.run());
            }
        });
    }

    /// What ends the connections that there are now.
    Runnable endOfPresent() {
        List<Channel> present = List.copyOf(open);
        return () -> present.forEach(RedisTls::end);
    }

    private static void end(Channel channel) {
        var _ = channel.close();
    }
}
