package dev.postern.gateway.access;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.token.AccessToken;
import java.net.InetAddress;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/// A client whose token was verified for this request: the permit without which nothing reaches a relay.
///
/// Guarantee: only [AccessGuard] makes one, after the token's signature, audience, times, binding and scope held.
public final class Caller {
    private static final String ATTRIBUTE = Caller.class.getName();

    private final AccessToken token;
    private final Optional<InetAddress> address;

    Caller(AccessToken token, Optional<InetAddress> address) {
        this.token = token;
        this.address = address;
    }

    /// The verified claims.
    public AccessToken token() {
        return token;
    }

    /// The other end of the connection that the request came over.
    public Optional<InetAddress> address() {
        return address;
    }

    /// The caller of a request that passed the guard.
    ///
    /// @throws Refused when it did not pass: a path that the guard overlooked stays closed
    public static Caller require(ServerWebExchange exchange) {
        return of(exchange).orElseThrow(() -> new Refused(Failure.TOKEN_MISSING));
    }

    /// The caller, if the request got as far as having one.
    public static Optional<Caller> of(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE) instanceof Caller caller ? Optional.of(caller) : Optional.empty();
    }

    void enter(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }
}
