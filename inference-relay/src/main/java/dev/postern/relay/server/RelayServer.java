package dev.postern.relay.server;

import dev.postern.chassis.tls.CertifiedSslContext;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.relay.admission.Admission;
import dev.postern.relay.session.Sessions;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The relay's listener: TLS 1.3 with the live identity, a client certificate required.
public final class RelayServer {
    private static final Logger LOG = LoggerFactory.getLogger(RelayServer.class);
    /// An OPEN is the longest message of the protocol.
    private static final int MAX_MESSAGE = 32 * 1024;
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final WriteBufferWaterMark WRITE_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final ServerProperties properties;
    private final Set<URI> peers;
    private final WorkloadIdentity identity;
    private final Supplier<byte[]> keyConfig;
    private final Admission admission;
    private final Sessions sessions;
    /// The connections of sessions, half-open ones too.
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private @Nullable EventLoopGroup loops;
    private volatile @Nullable Channel listener;

    /// @param peers the SPIFFE ids that may connect
    /// @param keyConfig the document of `GET /ssp1/key-config`
    public RelayServer(
            ServerProperties properties,
            Set<URI> peers,
            WorkloadIdentity identity,
            Supplier<byte[]> keyConfig,
            Admission admission,
            Sessions sessions) {
        this.properties = properties;
        this.peers = Set.copyOf(peers);
        this.identity = identity;
        this.keyConfig = keyConfig;
        this.admission = admission;
        this.sessions = sessions;
    }

    /// Binds; returns when connections are accepted.
    public void start() {
        Transport transport = Transport.best();
        int threads = properties.eventLoops() > 0
                ? properties.eventLoops()
                : Runtime.getRuntime().availableProcessors();
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("relay-loop"), transport.handlers());
        loops = group;
        ServerPipeline pipeline = new ServerPipeline(
                new ConnectionLimit(properties.maxConnections()),
                CertifiedSslContext.server(identity, ApplicationProtocolConfig.DISABLED),
                peers,
                properties.handshakeTimeout(),
                () -> new HttpRoutes(
                        keyConfig,
                        () -> new SessionHandler(admission, sessions, properties.handshakeTimeout(), connections),
                        MAX_MESSAGE));
        Channel bound = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARK)
                .childHandler(pipeline)
                .bind(new InetSocketAddress(properties.address(), properties.port()))
                .syncUninterruptibly()
                .channel();
        listener = bound;
        LOG.info("relay listens on {} by {}", bound.localAddress(), transport.name());
    }

    /// The bound port, once started.
    public int port() {
        return listener != null && listener.localAddress() instanceof InetSocketAddress address
                ? address.getPort()
                : -1;
    }

    public boolean isListening() {
        Channel bound = listener;
        return bound != null && bound.isOpen();
    }

    /// Stops accepting, lets requests in flight finish within the drain time, ends every session, stops.
    public void stop() {
        Channel bound = listener;
        EventLoopGroup group = loops;
        if (bound == null || group == null) {
            return;
        }
        loops = null;
        var _ = bound.close().syncUninterruptibly();
        sessions.drain();
        long deadline = System.nanoTime() + properties.drain().toNanos();
        try {
            while (sessions.open() > 0 && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        sessions.endAll();
        // What a session says last is behind what its peer has not taken yet.
        var _ = connections.newCloseFuture().awaitUninterruptibly(FAREWELL.toMillis());
        var _ = group.shutdownGracefully(50, 1000, TimeUnit.MILLISECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
