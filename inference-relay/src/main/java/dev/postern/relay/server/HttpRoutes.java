package dev.postern.relay.server;

import dev.postern.relay.problem.HttpProblem;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.util.Arrays;
import java.util.function.Supplier;

/// The relay's two routes: its key config, and the WebSocket that carries one sealed session.
final class HttpRoutes extends SimpleChannelInboundHandler<FullHttpRequest> {
    static final String TIMEOUT = "http-timeout";
    static final String CODEC = "http-codec";
    static final String AGGREGATOR = "http-aggregator";
    static final String ROUTES = "http-routes";
    static final String SUBPROTOCOL = "ssp1";

    private static final String KEY_CONFIG = "/ssp1/key-config";
    private static final String SESSION = "/ssp1";

    private final Supplier<byte[]> keyConfig;
    private final Supplier<ChannelHandler> sessions;
    private final int maxMessage;

    /// @param keyConfig the document of `GET /ssp1/key-config`, with a fresh challenge every time
    /// @param sessions the handler of one upgraded connection
    HttpRoutes(Supplier<byte[]> keyConfig, Supplier<ChannelHandler> sessions, int maxMessage) {
        this.keyConfig = keyConfig;
        this.sessions = sessions;
        this.maxMessage = maxMessage;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            answer(context, request, HttpResponseStatus.BAD_REQUEST);
            return;
        }
        String path = path(request.uri());
        if (!path.equals(KEY_CONFIG) && !path.equals(SESSION)) {
            answer(context, request, HttpResponseStatus.NOT_FOUND);
        } else if (!request.method().equals(HttpMethod.GET)) {
            answer(context, request, HttpResponseStatus.METHOD_NOT_ALLOWED);
        } else if (path.equals(KEY_CONFIG)) {
            answer(context, request, HttpResponseStatus.OK, "application/json", keyConfig.get());
        } else if (!offersSubprotocol(request)) {
            answer(context, request, HttpResponseStatus.UPGRADE_REQUIRED);
        } else {
            upgrade(context, request);
        }
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private static boolean offersSubprotocol(FullHttpRequest request) {
        String offered = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        return request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && offered != null
                && Arrays.stream(offered.split(",")).map(String::strip).anyMatch(SUBPROTOCOL::equals);
    }

    private void upgrade(ChannelHandlerContext context, FullHttpRequest request) {
        WebSocketDecoderConfig frames = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(maxMessage)
                .allowExtensions(false)
                .expectMaskedFrames(true)
                // Who takes the messages says with the protocol's codes what was wrong.
                .closeOnProtocolViolation(false)
                .build();
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(null, SUBPROTOCOL, frames).newHandshaker(request);
        if (handshaker == null) {
            answer(context, request, HttpResponseStatus.UPGRADE_REQUIRED);
            return;
        }
        try {
            ChannelPipeline pipeline = context.pipeline();
            ChannelHandler session = sessions.get();
            pipeline.remove(TIMEOUT);
            var _ = handshaker.handshake(context.channel(), request);
            pipeline.addLast(new WebSocketFrameAggregator(maxMessage), session);
            pipeline.remove(this);
        } catch (WebSocketHandshakeException _) {
            answer(context, request, HttpResponseStatus.BAD_REQUEST);
        }
    }

    private static void answer(ChannelHandlerContext context, FullHttpRequest request, HttpResponseStatus status) {
        answer(context, request, status, HttpProblem.MEDIA_TYPE, HttpProblem.of(status.code(), status.reasonPhrase()));
    }

    private static void answer(
            ChannelHandlerContext context,
            FullHttpRequest request,
            HttpResponseStatus status,
            String mediaType,
            byte[] body) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, mediaType)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        boolean keepAlive = HttpUtil.isKeepAlive(request) && status.equals(HttpResponseStatus.OK);
        HttpUtil.setKeepAlive(response, keepAlive);
        var written = context.writeAndFlush(response);
        if (!keepAlive) {
            var _ = written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A timeout, a reset or an oversized request: whatever it was, this connection has nothing more to say.
        var _ = context.close();
    }
}
