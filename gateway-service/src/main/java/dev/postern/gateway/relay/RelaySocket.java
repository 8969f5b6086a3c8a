package dev.postern.gateway.relay;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import reactor.netty.http.websocket.WebsocketOutbound;

/// The sending half of a WebSocket: one binary message per frame of the protocol, in the order of the calls.
///
/// [#send] belongs to the event loop; the rest may be called from any thread.
final class RelaySocket {
    private static final int NORMAL_CLOSURE = 1000;

    private final Channel channel;
    private final WebsocketOutbound outbound;

    RelaySocket(Channel channel, WebsocketOutbound outbound) {
        this.channel = channel;
        this.outbound = outbound;
    }

    /// When the first of the two certificates of the connection runs out.
    Instant certificatesEnd() {
        SSLSession session = channel.pipeline().get(SslHandler.class).engine().getSession();
        try {
            return Stream.of(session.getLocalCertificates(), session.getPeerCertificates())
                    .filter(Objects::nonNull)
                    .map(chain -> ((X509Certificate) chain[0]).getNotAfter().toInstant())
                    .min(Comparator.naturalOrder())
                    .orElse(Instant.MIN);
        } catch (SSLPeerUnverifiedException _) {
            // No connection that this process makes gets here.
            return Instant.MIN;
        }
    }

    EventLoop eventLoop() {
        return channel.eventLoop();
    }

    boolean isActive() {
        return channel.isActive();
    }

    /// Whether what was sent before is leaving in time.
    boolean isWritable() {
        return channel.isWritable();
    }

    /// Writes past Reactor's outbound on purpose: the order of frames is decided here, on one thread, and a publisher
    /// in between would only copy it.
    void send(List<byte[]> messages) {
        for (byte[] message : messages) {
            // A failed write closes the channel, and the close is what everybody waits for.
            var _ = channel.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)));
        }
        channel.flush();
    }

    void close() {
        outbound.sendClose(NORMAL_CLOSURE).onErrorComplete().subscribe();
    }
}
