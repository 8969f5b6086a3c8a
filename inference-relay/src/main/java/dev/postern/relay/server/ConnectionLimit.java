package dev.postern.relay.server;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/// Closes connections over the limit before they cost a TLS handshake.
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    ConnectionLimit(int most) {
        this.most = most;
    }

    int open() {
        return open.get();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var _ = context.channel().closeFuture().addListener(_ -> open.decrementAndGet());
        if (open.incrementAndGet() > most) {
            var _ = context.close();
        } else {
            context.fireChannelActive();
        }
    }
}
