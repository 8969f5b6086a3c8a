package dev.postern.gateway.sealed;

import dev.postern.gateway.live.LiveRequest;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.session.Refusal;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/// Passes messages between a client and its relay, each as one, in order, unread, and as fast as the slower takes
/// them.
final class Passage {
    /// Empty, as no message of the protocol is.
    private static final byte[] NOT_BINARY = {};
    private static final int FIRST_OF_PROTOCOL = 4_000;
    private static final int AHEAD = 16;
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final WebSocketSession client;
    private final Connection relay;
    private final WebsocketInbound fromRelay;
    private final WebsocketOutbound toRelay;
    private final LiveRequest entry;
    private final Duration openTimeout;
    private final Sinks.Empty<Void> begun = Sinks.empty();

    /// @param openTimeout how long the client may take to send its first message, from [#run] on
    Passage(WebSocketSession client, Connection relay, LiveRequest entry, Duration openTimeout) {
        this.client = client;
        this.relay = relay;
        this.fromRelay = (WebsocketInbound) relay.inbound();
        this.toRelay = (WebsocketOutbound) relay.outbound();
        this.entry = entry;
        this.openTimeout = openTimeout;
    }

    /// Lasts as long as both ends do; then the client's socket is closed, once, with what the first of them said.
    Mono<Void> run() {
        return Mono.firstWithSignal(said(down()), said(up()), silence())
                .flatMap(client::close)
                .doFinally(_ -> relay.dispose());
    }

    /// Speaks up if the client does not. One timer for the connection, and nothing for each message.
    private Mono<CloseStatus> silence() {
        return Mono.delay(openTimeout)
                .map(_ -> Closing.of(Refusal.LIMIT))
                .takeUntilOther(begun.asMono())
                .switchIfEmpty(Mono.never());
    }

    private static Mono<CloseStatus> said(Mono<CloseStatus> half) {
        return half.onErrorResume(thrown -> Mono.just(Closing.because(thrown)));
    }

    private Mono<CloseStatus> down() {
        Mono<CloseStatus> status = fromRelay
                .receiveCloseStatus()
                .map(Passage::ofRelay)
                .defaultIfEmpty(Closing.of(Refusal.SESSION_UNKNOWN))
                .timeout(GOODBYE, Mono.just(Closing.of(Refusal.SESSION_UNKNOWN)))
                .cache();
        Flux<WebSocketMessage> frames =
                entry.guarded(fromRelay.receiveFrames().map(Passage::content)).map(this::message);
        return client.send(frames).then(status);
    }

    /// The client's half; its end is told to the relay, which then ends the other.
    private Mono<CloseStatus> up() {
        // Whoever gives up its reading closes a socket without a word. So the reading goes on, a few messages ahead.
        Flux<byte[]> messages = client.receive()
                .map(Passage::content)
                .doOnNext(_ -> begun.tryEmitEmpty())
                .publish(AHEAD)
                .autoConnect();
        return toRelay.sendObject(messages.map(Passage::frame), _ -> true)
                .then()
                .then(Mono.defer(() -> toRelay.sendClose(CloseStatus.NORMAL.getCode())))
                .then(Mono.delay(GOODBYE))
                .map(_ -> CloseStatus.NORMAL)
                // In parts; one that says its length at once is refused by the decoder, with the same code.
                .onErrorReturn(TooLongFrameException.class, CloseStatus.TOO_BIG_TO_PROCESS);
    }

    /// The protocol's own codes are passed on. Any other, or none, means that the session is no more.
    private static CloseStatus ofRelay(WebSocketCloseStatus status) {
        if (status.code() == CloseStatus.NORMAL.getCode()) {
            return CloseStatus.NORMAL;
        }
        return status.code() >= FIRST_OF_PROTOCOL
                ? new CloseStatus(status.code(), status.reasonText())
                : Closing.of(Refusal.SESSION_UNKNOWN);
    }

    private static byte[] content(WebSocketFrame frame) {
        return ByteBufUtil.getBytes(frame.content());
    }

    private WebSocketMessage message(byte[] content) {
        return client.binaryMessage(buffers -> buffers.wrap(content));
    }

    private static byte[] content(WebSocketMessage message) {
        if (message.getType() != WebSocketMessage.Type.BINARY) {
            return NOT_BINARY;
        }
        DataBuffer payload = message.getPayload();
        byte[] content = new byte[payload.readableByteCount()];
        payload.read(content);
        return content;
    }

    private static WebSocketFrame frame(byte[] content) {
        if (content.length == 0) {
            throw new Refused(Failure.MALFORMED);
        }
        return new BinaryWebSocketFrame(Unpooled.wrappedBuffer(content));
    }
}
