package dev.postern.redacting.wire;

import dev.postern.audit.AuditTrail;
import dev.postern.chassis.tls.CertifiedSslContext;
import dev.postern.identity.WorkloadIdentity;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.NettySslContextServerCredentials;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/// The gRPC server: TLS 1.3 with the live identity, client certificate required; the peer matrix says whose.
///
/// [#start] and [#stop] are called by the application context's thread only.
final class RedactionServer implements SmartLifecycle {
    private static final int STREAMS_PER_CONNECTION = 16;
    private static final long GRACE_SECONDS = 5;
    /// A connection whose calls were ended is of no use to anybody.
    private static final long IDLE_SECONDS = 30;
    private static final ApplicationProtocolConfig HTTP_2 = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2);

    private final WireProperties properties;
    private final WorkloadIdentity identity;
    private final ExchangeService service;
    private final RelayOnly relayOnly;
    private @Nullable ExecutorService executor;
    private volatile @Nullable Server server;

    RedactionServer(WireProperties properties, WorkloadIdentity identity, ExchangeService service, AuditTrail trail) {
        this.properties = properties;
        this.identity = identity;
        this.service = service;
        this.relayOnly = new RelayOnly(identity, trail);
    }

    @Override
    public void start() {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        executor = threads;
        try {
            server = NettyServerBuilder.forAddress(
                            new InetSocketAddress(properties.address(), properties.port()),
                            NettySslContextServerCredentials.create(CertifiedSslContext.server(identity, HTTP_2)))
                    .executor(threads)
                    .intercept(relayOnly)
                    .addService(service)
                    .maxInboundMessageSize(
                            Math.toIntExact(properties.largestMessage().toBytes()))
                    .maxConcurrentCallsPerConnection(STREAMS_PER_CONNECTION)
                    .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
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
}
