package dev.postern.gateway.cors;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Answers preflights under `/v1` and `/ssp1` without a token, because browsers send none with them, and lets pages of
/// allowed origins read answers, refusals included.
///
/// Guarantee: a page of another origin gets no answer that a browser would show it, and its request is not served.
/// Without allowed origins nothing is added to any answer, which is what keeps other origins out.
/// Non-guarantee: who is no browser sends whatever Origin it likes; that is what tokens are for.
final class CorsGuard extends DefaultCorsProcessor implements WebFilter, Ordered {
    private final Optional<CorsConfiguration> allowed;

    CorsGuard(Optional<CorsConfiguration> allowed) {
        this.allowed = allowed;
    }

    /// Before authentication.
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 50;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getPath().value();
        if (allowed.isEmpty() || !(path.startsWith("/v1/") || path.equals("/ssp1") || path.startsWith("/ssp1/"))) {
            return chain.filter(exchange);
        }
        if (!process(allowed.get(), exchange)) {
            return Mono.error(new Refused(Failure.ORIGIN_REFUSED));
        }
        return CorsUtils.isPreFlightRequest(exchange.getRequest()) ? Mono.empty() : chain.filter(exchange);
    }

    /// The answer is worded where all refusals are.
    @Override
    protected void rejectRequest(ServerHttpResponse response) {}
}
