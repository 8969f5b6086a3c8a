package dev.postern.gateway.routing;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.http.server.HttpServerRequest;

/// The event loop of a request's connection, for what comes back from elsewhere: the threads of Redis' client are not
/// ours to work on.
public final class RequestThread {
    private RequestThread() {}

    public static Executor of(ServerHttpRequest request) {
        AtomicReference<Executor> loop = new AtomicReference<>(Runnable::run);
        if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest served) {
            served.withConnection(connection -> loop.set(connection.channel().eventLoop()));
        }
        return loop.get();
    }
}
