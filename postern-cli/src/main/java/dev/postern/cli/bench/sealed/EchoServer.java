package dev.postern.cli.bench.sealed;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/// The least that a message over TLS and WebSocket can cost: Netty, and nothing done with it.
final class EchoServer implements AutoCloseable {
    private static final int MAX_HEAD = 64 * 1024;

    private final Channel channel;
    private final EventLoopGroup loops;

    private EchoServer(Channel channel, EventLoopGroup loops) {
        this.channel = channel;
        this.loops = loops;
    }

    /// Begins to listen on a loopback port.
    ///
    /// @param loops which end with it
    static EchoServer start(SslContext tls, EventLoopGroup loops) throws InterruptedException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection
                                .pipeline()
                                .addLast(tls.newHandler(connection.alloc()))
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(MAX_HEAD))
                                .addLast(new WebSocketServerProtocolHandler("/", "ssp1"))
                                .addLast(new Echo());
                    }
                });
        return new EchoServer(
                bootstrap.bind(InetAddress.getLoopbackAddress(), 0).sync().channel(), loops);
    }

    URI address() {
        return URI.create("wss://localhost:" + ((InetSocketAddress) channel.localAddress()).getPort() + "/");
    }

    @Override
    public void close() {
        var _ = channel.close();
        var _ = loops.shutdownGracefully();
    }

    private static final class Echo extends SimpleChannelInboundHandler<BinaryWebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext here, BinaryWebSocketFrame message) {
            var _ = here.write(message.retain(), here.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext here) {
            here.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
            // Whoever asked counts what is missing as failed.
            var _ = here.close();
        }
    }
}
