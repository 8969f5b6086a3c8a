package dev.postern.gateway.routing;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Refuses requests with too many header lines, before anybody looks at one. Their size is limited by the server.
final class HeaderLimit implements WebFilter, Ordered {
    private final int most;

    HeaderLimit(int most) {
        this.most = most;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 10;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        int lines = exchange.getRequest().getHeaders().headerSet().stream()
                .mapToInt(header -> header.getValue().size())
                .sum();
        return lines > most ? Mono.error(new Refused(Failure.TOO_MANY_HEADERS)) : chain.filter(exchange);
    }
}
