package dev.postern.relay.server;

import dev.postern.identity.PeerIdentity;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Lets a connection on only if its certificate names one of the permitted workloads. A valid chain is not
/// enough.
final class PeerGate extends ChannelInboundHandlerAdapter {
    /// Who is at the other end; set before any handler behind this one hears of the connection's data.
    static final AttributeKey<URI> PEER = AttributeKey.valueOf(PeerGate.class, "peer");

    private final Set<URI> permitted;
    private boolean refused;

    PeerGate(Set<URI> permitted) {
        this.permitted = permitted;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            Optional<URI> peer = handshake.isSuccess() ? peer(context) : Optional.empty();
            if (peer.isEmpty() || !permitted.contains(peer.get())) {
                refused = true;
                var _ = context.close();
                return;
            }
            context.channel().attr(PEER).set(peer.get());
            context.pipeline().remove(this);
        }
        context.fireUserEventTriggered(event);
    }

    /// Nothing that a refused peer sent goes any further, also what arrived together with its handshake.
    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
        if (refused) {
            ReferenceCountUtil.release(data);
        } else {
            context.fireChannelRead(data);
        }
    }

    private static Optional<URI> peer(ChannelHandlerContext context) {
        try {
            SslHandler tls = context.pipeline().get(SslHandler.class);
            return tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate leaf
                    ? PeerIdentity.of(leaf)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }
}
