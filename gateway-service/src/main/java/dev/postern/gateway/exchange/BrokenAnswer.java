package dev.postern.gateway.exchange;

import dev.postern.gateway.problem.Failure;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/// Marks an answer that began well and ended in an error event: its status says 200, the books must not, and whoever
/// was refused the rest is audited as for a whole request.
public final class BrokenAnswer {
    private static final String ATTRIBUTE = BrokenAnswer.class.getName();

    private BrokenAnswer() {}

    public static void mark(ServerWebExchange exchange, Failure failure) {
        exchange.getAttributes().put(ATTRIBUTE, failure);
    }

    static Optional<Failure> of(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE) instanceof Failure failure ? Optional.of(failure) : Optional.empty();
    }
}
