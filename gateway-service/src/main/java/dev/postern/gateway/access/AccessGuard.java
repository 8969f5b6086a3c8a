package dev.postern.gateway.access;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.token.AccessToken;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.Presentation;
import dev.postern.token.TokenRejected;
import java.time.Clock;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Verifies the bearer token of every request under `/v1`, before anything is said about what is there.
///
/// Spring Security's reactive resource server is not used: it takes a key-bound token for a plain one, and its key
/// cache never forgets a withdrawn key. Verification here is local and against the pushed key directory, so it never
/// waits and may run on the event loop.
final class AccessGuard implements WebFilter, Ordered {
    static final String INVOKE = "llm:invoke";

    private final AccessTokenVerifier verifier;
    private final VerificationCounters counters;
    private final Clock clock;

    AccessGuard(AccessTokenVerifier verifier, VerificationCounters counters, Clock clock) {
        this.verifier = verifier;
        this.counters = counters;
        this.clock = clock;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 100;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getPath().value();
        if (!path.equals("/v1") && !path.startsWith("/v1/")) {
            return chain.filter(exchange);
        }
        try {
            authenticate(exchange).enter(exchange);
        } catch (Refused refused) {
            return Mono.error(refused);
        }
        return chain.filter(exchange);
    }

    private Caller authenticate(ServerWebExchange exchange) {
        String compact = BearerCredentials.of(exchange.getRequest().getHeaders());
        AccessToken token = verify(compact);
        if (!token.hasScope(INVOKE)) {
            throw new Refused(Failure.SCOPE_MISSING);
        }
        return new Caller(token);
    }

    private AccessToken verify(String compact) {
        try {
            AccessToken token = verifier.verify(compact, Presentation.bearer());
            // The verifier forgives clocks; the relay ends an answer at `exp` and not later, so it is not begun then.
            if (!clock.instant().isBefore(token.expiresAt())) {
                throw new TokenRejected(TokenRejected.Reason.EXPIRED);
            }
            counters.accepted();
            return token;
        } catch (TokenRejected rejected) {
            counters.rejected(rejected.reason());
            throw new Refused(Failure.TOKEN_INVALID);
        }
    }
}
