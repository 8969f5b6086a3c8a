package dev.postern.gateway.exchange;

import org.springframework.web.server.ServerWebExchange;

/// Marks an answer that began well and ended in an error event: its status says 200, the books must not.
public final class BrokenAnswer {
    private static final String ATTRIBUTE = BrokenAnswer.class.getName();

    private BrokenAnswer() {}

    public static void mark(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, true);
    }

    static boolean is(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE) != null;
    }
}
