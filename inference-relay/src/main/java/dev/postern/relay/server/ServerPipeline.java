package dev.postern.relay.server;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What every accepted connection goes through: limit, TLS, peer, HTTP, routes.
final class ServerPipeline extends ChannelInitializer<SocketChannel> {
    /// Both routes are GETs without a body.
    private static final int MAX_BODY = 0;
    private static final HttpDecoderConfig HTTP = new HttpDecoderConfig()
            .setMaxInitialLineLength(2048)
            .setMaxHeaderSize(8192)
            .setMaxChunkSize(8192);

    private final ConnectionLimit limit;
    private final SslContext tls;
    private final Set<URI> peers;
    private final Duration handshakeTimeout;
    private final Supplier<HttpRoutes> routes;

    ServerPipeline(
            ConnectionLimit limit,
            SslContext tls,
            Set<URI> peers,
            Duration handshakeTimeout,
            Supplier<HttpRoutes> routes) {
        this.limit = limit;
        this.tls = tls;
        this.peers = peers;
        this.handshakeTimeout = handshakeTimeout;
        this.routes = routes;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        SslHandler ssl = tls.newHandler(channel.alloc());
        ssl.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(limit)
                // Many small frames of one tick leave in one write and few TLS records.
                .addLast(new FlushConsolidationHandler(256, true))
                .addLast(ssl)
                .addLast(new PeerGate(peers))
                .addLast(HttpRoutes.CODEC, new HttpServerCodec(HTTP))
                .addLast(HttpRoutes.AGGREGATOR, new HttpObjectAggregator(MAX_BODY))
                // Behind the aggregator: a whole request counts, and not each octet of one that never ends.
                .addLast(HttpRoutes.TIMEOUT, new ReadTimeoutHandler(handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS))
                .addLast(HttpRoutes.ROUTES, routes.get());
    }
}
