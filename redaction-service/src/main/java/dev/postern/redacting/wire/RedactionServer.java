package dev.postern.redacting.wire;

import dev.postern.audit.AuditTrail;
import dev.postern.identity.WorkloadIdentity;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.NettySslContextServerCredentials;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/// The gRPC server: TLS 1.3 with the live identity, client certificate required, one peer allowed.
///
/// [#start] and [#stop] are called by the application context's thread only.
final class RedactionServer implements SmartLifecycle {
    private static final int STREAMS_PER_CONNECTION = 16;
    private static final long GRACE_SECONDS = 5;

    private final WireProperties properties;
    private final WorkloadIdentity identity;
    private final ExchangeService service;
    private final RelayOnly relayOnly;
    private @Nullable ExecutorService executor;
    private volatile @Nullable Server server;

    RedactionServer(
            WireProperties properties, URI peer, WorkloadIdentity identity, ExchangeService service, AuditTrail trail) {
        this.properties = properties;
        this.identity = identity;
        this.service = service;
        this.relayOnly = new RelayOnly(peer, trail);
    }

    @Override
    public void start() {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        executor = threads;
        try {
            server = NettyServerBuilder.forAddress(
                            new InetSocketAddress(properties.address(), properties.port()),
                            NettySslContextServerCredentials.create(tls()))
                    .executor(threads)
                    .intercept(relayOnly)
                    .addService(service)
                    .maxInboundMessageSize(
                            Math.toIntExact(properties.largestMessage().toBytes()))
                    .maxConcurrentCallsPerConnection(STREAMS_PER_CONNECTION)
                    .maxConnectionAge(properties.connectionAge().toSeconds(), TimeUnit.SECONDS)
                    .maxConnectionAgeGrace(properties.exchangeIdle().toSeconds(), TimeUnit.SECONDS)
                    .permitKeepAliveTime(10, TimeUnit.SECONDS)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("the redaction port " + properties.port() + " cannot be bound", e);
        }
    }

    @Override
    public void stop() {
        Server running = server;
        server = null;
        if (running != null) {
            running.shutdown();
            try {
                if (!running.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                    running.shutdownNow();
                }
            } catch (InterruptedException _) {
                running.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
        if (executor != null) {
            executor.shutdownNow();
            executor = null;
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    /// The bound port, which differs from the configured one when that is 0.
    int port() {
        Server running = server;
        if (running == null) {
            throw new IllegalStateException("the redaction server is not running");
        }
        return running.getPort();
    }

    private SslContext tls() throws SSLException {
        // The JDK's provider: it asks the live managers at every handshake.
        return GrpcSslContexts.configure(
                        SslContextBuilder.forServer(identity.keyManager())
                                .trustManager(identity.trustManager())
                                .protocols("TLSv1.3"),
                        SslProvider.JDK)
                .clientAuth(ClientAuth.REQUIRE)
                .build();
    }
}
