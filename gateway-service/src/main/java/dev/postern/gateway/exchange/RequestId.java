package dev.postern.gateway.exchange;

import java.security.SecureRandom;
import java.util.Base64;
import org.springframework.web.server.ServerWebExchange;

/// The name of one request: 128 random bits in base64url. The client reads it as `Postern-Request-Id`; the relay gets
/// it as `msg_id`, so both services' audit events name it.
public record RequestId(String value) {
    /// Header that carries it.
    public static final String HEADER = "Postern-Request-Id";

    private static final String ATTRIBUTE = RequestId.class.getName();
    private static final int BYTES = 16;

    static RequestId random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new RequestId(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /// The id of a request that entered through [RequestBooks]; every request does.
    public static RequestId of(ServerWebExchange exchange) {
        if (exchange.getAttribute(ATTRIBUTE) instanceof RequestId id) {
            return id;
        }
        throw new IllegalStateException("a request without an id");
    }

    void enter(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
        exchange.getResponse().getHeaders().set(HEADER, value);
    }
}
