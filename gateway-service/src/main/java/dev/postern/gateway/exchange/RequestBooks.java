package dev.postern.gateway.exchange;

import dev.postern.gateway.api.Operation;
import dev.postern.gateway.problem.ErrorAnswers;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import io.micrometer.core.instrument.Timer;
import java.security.SecureRandom;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/// The outermost filter: gives every request its id, turns every failure into its answer, and counts, times and audits
/// how it ended.
final class RequestBooks implements WebFilter, Ordered {
    private static final String OTHER = "other";
    private static final String CANCELLED = "cancelled";
    private static final String BROKEN_OFF = "broken-off";

    private final ApplicationContext edge;
    private final SecureRandom random;
    private final RequestMeters meters;
    private final RejectionAudit audit;

    RequestBooks(ApplicationContext edge, SecureRandom random, RequestMeters meters, RejectionAudit audit) {
        this.edge = edge;
        this.random = random;
        this.meters = meters;
        this.audit = audit;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!edge.equals(exchange.getApplicationContext())) {
            return offTheEdge(exchange, chain);
        }
        RequestId.random(random).enter(exchange);
        Timer.Sample sample = meters.start();
        return chain.filter(exchange)
                .onErrorResume(thrown -> answer(exchange, ErrorAnswers.refused(thrown)))
                .doFinally(signal -> {
                    BrokenAnswer.of(exchange).ifPresent(failure -> audit.rejected(exchange, failure));
                    meters.stop(sample, operation(exchange), status(exchange, signal));
                });
    }

    /// The management port's context inherits every filter and every route, but the API is not served there.
    private static Mono<Void> offTheEdge(ServerWebExchange exchange, WebFilterChain chain) {
        return exchange.getRequest().getPath().value().startsWith("/v1")
                ? ErrorAnswers.write(exchange, Failure.NOT_FOUND)
                : chain.filter(exchange);
    }

    private Mono<Void> answer(ServerWebExchange exchange, Refused refused) {
        audit.rejected(exchange, refused.failure());
        return ErrorAnswers.write(exchange, refused);
    }

    private static String operation(ServerWebExchange exchange) {
        return Operation.atPath(exchange.getRequest().getPath().value())
                .map(Operation::routeId)
                .orElse(OTHER);
    }

    private static String status(ServerWebExchange exchange, SignalType signal) {
        if (signal == SignalType.CANCEL) {
            return CANCELLED;
        }
        if (BrokenAnswer.of(exchange).isPresent()) {
            return BROKEN_OFF;
        }
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        return status == null ? "200" : Integer.toString(status.value());
    }
}
