package dev.postern.relay.server;

import dev.postern.relay.admission.Admission;
import dev.postern.relay.admission.Admitted;
import dev.postern.relay.session.RelaySession;
import dev.postern.relay.session.SessionChannel;
import dev.postern.relay.session.Sessions;
import dev.postern.session.HandshakeRefused;
import dev.postern.session.Refusal;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket connection: OPEN first, then the frames of the session it became. Confined to its event loop.
final class SessionHandler extends SimpleChannelInboundHandler<WebSocketFrame> implements SessionChannel {
    private static final Logger LOG = LoggerFactory.getLogger(SessionHandler.class);
    private static final int UNSUPPORTED_DATA = 1003;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int NORMAL = 1000;
    /// How long a peer may take to read what was said to it last.
    private static final Duration FAREWELL = Duration.ofSeconds(3);

    private final Admission admission;
    private final Sessions sessions;
    private final Duration openTimeout;
    private final ChannelGroup connections;
    private State state = State.AWAITING_OPEN;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> openTimer;
    private @Nullable RelaySession session;

    private enum State {
        AWAITING_OPEN,
        DECIDING,
        LIVE,
        CLOSED
    }

    /// @param connections where its connection is to be found while it is open
    SessionHandler(Admission admission, Sessions sessions, Duration openTimeout, ChannelGroup connections) {
        this.admission = admission;
        this.sessions = sessions;
        this.openTimeout = openTimeout;
        this.connections = connections;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        connections.add(added.channel());
        openTimer = added.executor().schedule(this::openTooLate, openTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void openTooLate() {
        if (state == State.AWAITING_OPEN) {
            refuse(Refusal.LIMIT);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext reading, WebSocketFrame frame) {
        switch (frame) {
            case BinaryWebSocketFrame message -> message(reading, message);
            case PingWebSocketFrame ping -> {
                var _ = reading.write(new PongWebSocketFrame(ping.content().retain()));
            }
            case PongWebSocketFrame _ -> {}
            case CloseWebSocketFrame _ -> {
                lost();
                end(NORMAL, "closed");
            }
            default -> {
                end(UNSUPPORTED_DATA, "binary messages only");
                lost();
            }
        }
    }

    private void message(ChannelHandlerContext reading, BinaryWebSocketFrame message) {
        switch (state) {
            case AWAITING_OPEN -> open(reading, ByteBufUtil.getBytes(message.content()));
            // Nothing may be sent before ACCEPT.
            case DECIDING -> end(PROTOCOL_ERROR, "message before ACCEPT");
            case LIVE -> {
                RelaySession live = session;
                if (live != null) {
                    live.receive(message.content().nioBuffer());
                }
            }
            case CLOSED -> {}
        }
    }

    private void open(ChannelHandlerContext reading, byte[] open) {
        if (openTimer != null) {
            openTimer.cancel(false);
        }
        if (!sessions.reserve()) {
            refuse(Refusal.LIMIT);
            return;
        }
        state = State.DECIDING;
        try {
            admit(reading, open);
        } catch (RuntimeException bug) {
            LOG.error("OPEN failed by a bug", bug);
            sessions.release();
            refuse(Refusal.OPEN_REJECTED);
        }
    }

    private void admit(ChannelHandlerContext reading, byte[] open) {
        URI peer = reading.channel().attr(PeerGate.PEER).get();
        var _ = admission.admit(open, peer).whenComplete((admitted, failure) -> {
            try {
                reading.executor().execute(() -> decided(admitted, failure));
            } catch (RejectedExecutionException _) {
                sessions.release();
            }
        });
    }

    private void decided(@Nullable Admitted admitted, @Nullable Throwable failure) {
        ChannelHandlerContext reading = context;
        if (admitted == null || reading == null) {
            sessions.release();
            refuse(failure instanceof HandshakeRefused refused ? refused.refusal() : Refusal.OPEN_REJECTED);
        } else if (state == State.CLOSED) {
            sessions.release();
            admitted.accepted().session().close();
        } else {
            state = State.LIVE;
            session = sessions.begin(admitted, reading.executor(), this);
            write(admitted.accepted().message());
            flush();
        }
    }

    private void refuse(Refusal refusal) {
        sessions.refused(refusal);
        end(refusal.closeCode(), refusal.code());
    }

    @Override
    public void write(byte[] frame) {
        ChannelHandlerContext writing = context;
        // Nothing follows a Close.
        if (writing != null && state != State.CLOSED) {
            var _ = writing.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(frame)), writing.voidPromise());
        }
    }

    @Override
    public void flush() {
        ChannelHandlerContext writing = context;
        if (writing != null) {
            writing.flush();
        }
    }

    @Override
    public boolean isWritable() {
        ChannelHandlerContext writing = context;
        return writing != null && writing.channel().isWritable();
    }

    @Override
    public void close(int code, String reason) {
        end(code, reason);
    }

    private void end(int code, String reason) {
        ChannelFuture said = farewell(code, reason);
        if (said != null) {
            said.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /// Says the last word; null if that was said.
    private @Nullable ChannelFuture farewell(int code, String reason) {
        ChannelHandlerContext writing = context;
        if (state == State.CLOSED || writing == null) {
            return null;
        }
        state = State.CLOSED;
        // A peer that reads nothing never lets the Close out.
        ScheduledFuture<?> late = writing.executor()
                .schedule(
                        () -> {
                            var _ = writing.close();
                        },
                        FAREWELL.toMillis(),
                        TimeUnit.MILLISECONDS);
        writing.channel().closeFuture().addListener(_ -> late.cancel(false));
        return writing.writeAndFlush(new CloseWebSocketFrame(code, reason));
    }

    /// What is too large is not read to its end, and a connection that is closed with octets unread is reset: its peer
    /// would not hear why. So the Close gets the time of a farewell to arrive.
    private void tooLarge(ChannelHandlerContext reading) {
        if (state == State.AWAITING_OPEN) {
            sessions.refused(Refusal.TOO_LARGE);
        }
        reading.channel().config().setAutoRead(false);
        var _ = farewell(Refusal.TOO_LARGE.closeCode(), Refusal.TOO_LARGE.code());
        lost();
    }

    private void lost() {
        RelaySession live = session;
        session = null;
        if (live != null) {
            live.connectionLost();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext reading) {
        reading.flush();
        reading.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext writing) {
        // A peer that takes nothing is not listened to: what it asks for would only pile up here.
        writing.channel().config().setAutoRead(writing.channel().isWritable());
        RelaySession live = session;
        if (live != null && writing.channel().isWritable()) {
            live.writable();
        }
        writing.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext reading) {
        state = State.CLOSED;
        lost();
        reading.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext reading, Throwable cause) {
        if (isTooLarge(cause)) {
            tooLarge(reading);
            return;
        }
        // What the peer sent may be undecodable; that is not a bug of ours.
        if (cause instanceof RuntimeException && !(cause instanceof CodecException)) {
            LOG.error("connection failed by a bug", cause);
        }
        if (cause instanceof CorruptedWebSocketFrameException) {
            // The decoder takes nothing in any more. Octets that come after the Close may still reset the connection.
            end(PROTOCOL_ERROR, "no WebSocket frame");
            lost();
            return;
        }
        lost();
        var _ = reading.close();
    }

    private static boolean isTooLarge(Throwable cause) {
        return cause instanceof TooLongFrameException
                || (cause instanceof CorruptedWebSocketFrameException corrupted
                        && corrupted.closeStatus().code() == WebSocketCloseStatus.MESSAGE_TOO_BIG.code());
    }
}
