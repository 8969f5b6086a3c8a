package dev.postern.gateway.relay;

import dev.postern.session.ClientHandshake;
import dev.postern.session.Established;
import dev.postern.session.HandshakeFailed;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/// One WebSocket from its upgrade to its end: OPEN goes out first, the first message back is ACCEPT, and every later
/// one is a frame of the session. Belongs to the socket's event loop, which makes all calls.
final class SessionOpening {
    private static final String NOT_A_FRAME = "protocol-violation";
    private static final String LOST = "connection-lost";

    private final ClientHandshake handshake;
    private final BiFunction<RelaySocket, Established, SealedConnection> establish;
    private final MonoSink<SealedConnection> opened;
    private @Nullable RelaySocket socket;
    private @Nullable SealedConnection connection;
    private String closeReason = LOST;

    SessionOpening(
            ClientHandshake handshake,
            BiFunction<RelaySocket, Established, SealedConnection> establish,
            MonoSink<SealedConnection> opened) {
        this.handshake = handshake;
        this.establish = establish;
        this.opened = opened;
    }

    /// Runs once the upgrade is done; the socket lives as long as what it returns.
    Publisher<Void> converse(WebsocketInbound in, WebsocketOutbound out) {
        in.withConnection(upgraded -> {
            RelaySocket fresh = new RelaySocket(upgraded.channel(), out);
            socket = fresh;
            fresh.send(List.of(handshake.message()));
        });
        in.receiveCloseStatus().subscribe(status -> closeReason = "relay-closed-" + status.code());
        return in.receiveFrames().doOnNext(this::receive).then();
    }

    private void receive(WebSocketFrame frame) {
        if (!(frame instanceof BinaryWebSocketFrame && frame.isFinalFragment())) {
            end(NOT_A_FRAME);
        } else if (connection != null) {
            connection.receive(frame.content().nioBuffer());
        } else if (socket != null) {
            connection = accept(socket, ByteBufUtil.getBytes(frame.content()));
        }
    }

    private @Nullable SealedConnection accept(RelaySocket fresh, byte[] answer) {
        try {
            SealedConnection established = establish.apply(fresh, handshake.accept(answer));
            opened.success(established);
            return established;
        } catch (HandshakeFailed failed) {
            end("handshake-" + failed.reason());
            return null;
        }
    }

    /// The socket is gone.
    void closed() {
        end(closeReason);
    }

    private void end(String reason) {
        if (connection != null) {
            connection.end(reason);
            return;
        }
        handshake.close();
        if (socket != null) {
            socket.close();
        }
        opened.error(new RelayUnreachable(reason));
    }
}
