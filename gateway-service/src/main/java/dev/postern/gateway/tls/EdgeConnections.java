package dev.postern.gateway.tls;

import dev.postern.identity.WorkloadIdentity;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.security.cert.Certificate;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/// Keeps connections of clients younger than the certificate that they were made with: once that has been replaced, the
/// next answer on a connection is its last, and what is still open shortly before the old certificate runs out is
/// closed.
final class EdgeConnections implements WebFilter, Ordered {
    private static final AttributeKey<Certificate> OURS = AttributeKey.valueOf(EdgeConnections.class, "ours");

    private final WorkloadIdentity identity;

    EdgeConnections(WorkloadIdentity identity) {
        this.identity = identity;
    }

    /// Once its handshake is done.
    void add(Connection connection) {
        Channel channel = connection.channel();
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return;
        }
        Certificate[] ours = tls.engine().getSession().getLocalCertificates();
        if (ours != null && ours.length > 0) {
            channel.attr(OURS).set(ours[0]);
        }
        Runnable forget = identity.connections().add(tls.engine().getSession(), () -> {
            var _ = channel.close();
        });
        var _ = channel.closeFuture().addListener(_ -> forget.run());
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (isReplaced(exchange.getRequest())) {
            exchange.getResponse().getHeaders().setConnection("close");
        }
        return chain.filter(exchange);
    }

    private boolean isReplaced(ServerHttpRequest request) {
        if (!(ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest served)) {
            return false;
        }
        boolean[] replaced = {false};
        served.withConnection(connection -> {
            Certificate ours = connection.channel().attr(OURS).get();
            replaced[0] = ours != null && !ours.equals(identity.current().leaf());
        });
        return replaced[0];
    }
}
