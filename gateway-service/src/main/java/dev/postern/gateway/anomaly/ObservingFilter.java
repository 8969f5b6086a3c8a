package dev.postern.gateway.anomaly;

import dev.postern.gateway.access.Caller;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Observes every request that has a caller, right after the guard let it in and before anything is decided about it.
final class ObservingFilter implements WebFilter, Ordered {

    private final Observations observations;

    ObservingFilter(Observations observations) {
        this.observations = observations;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 110;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Caller.of(exchange).ifPresent(caller -> observations.request(caller.token(), caller.address()));
        return chain.filter(exchange);
    }
}
