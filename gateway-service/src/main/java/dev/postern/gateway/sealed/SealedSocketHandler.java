package dev.postern.gateway.sealed;

import dev.postern.gateway.access.Caller;
import dev.postern.gateway.admission.Admission;
import dev.postern.gateway.admission.Ticket;
import dev.postern.gateway.api.Operation;
import dev.postern.gateway.api.RequestBody;
import dev.postern.gateway.decision.Decisions;
import dev.postern.gateway.exchange.RequestId;
import dev.postern.gateway.live.LiveRequests;
import dev.postern.gateway.live.Serving;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.gateway.relay.RelayDirectory;
import dev.postern.gateway.routing.RequestThread;
import dev.postern.session.KeyId;
import dev.postern.session.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/// `wss://…/ssp1?key_id=…`: a client's sealed session with the relay that holds the key.
///
/// Guarantee: before the upgrade the token, its binding, policy and the limits on opening were checked, as for any
/// request; while the socket lives the token is, and nothing comes through after it was taken back, expired or policy
/// changed its mind. Non-guarantee: what is in the session. Requests in it are judged by the relay, under the token
/// that the client shows there.
final class SealedSocketHandler implements WebHandler {
    private static final String PROTOCOL = "ssp1";
    private static final Duration CONNECTING = Duration.ofSeconds(5);

    private final Decisions decisions;
    private final LiveRequests live;
    private final Admission admission;
    private final Uncounted uncounted;
    private final RelayDirectory relays;
    private final Duration openTimeout;
    private final WebSocketService upgrades;

    SealedSocketHandler(
            Decisions decisions,
            LiveRequests live,
            Admission admission,
            Uncounted uncounted,
            RelayDirectory relays,
            Duration openTimeout,
            WebSocketService upgrades) {
        this.decisions = decisions;
        this.live = live;
        this.admission = admission;
        this.uncounted = uncounted;
        this.relays = relays;
        this.openTimeout = openTimeout;
        this.upgrades = upgrades;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        Caller caller = Caller.require(exchange);
        if (!HttpMethod.GET.equals(exchange.getRequest().getMethod())) {
            return Mono.error(new Refused(Failure.METHOD_NOT_ALLOWED));
        }
        if (exchange.getRequest().getHeaders().getUpgrade() == null) {
            return Mono.error(new Refused(Failure.UPGRADE_REQUIRED));
        }
        if (RequestBody.isAnnounced(exchange.getRequest().getHeaders())) {
            return Mono.error(new Refused(Failure.MALFORMED));
        }
        Optional<Failure> refused = uncounted.refuses(caller.token());
        if (refused.isPresent()) {
            return Mono.error(new Refused(refused.get()));
        }
        RequestBody body = RequestBody.parse(Operation.SEALED_SESSION, new byte[0]);
        return decisions
                .decide(exchange, Operation.SEALED_SESSION, caller, body)
                .flatMap(serving ->
                        admit(exchange, caller, body, serving.allowedWhile(() -> uncounted.refuses(caller.token()))));
    }

    /// What is admitted is the opening: the ticket ends with the upgrade, after which the socket lives on by itself.
    private Mono<Void> admit(ServerWebExchange exchange, Caller caller, RequestBody body, Serving serving) {
        return Mono.using(
                () -> admission.ticket(RequestId.of(exchange).value(), caller.token(), Operation.SEALED_SESSION, body),
                ticket -> ticket.admit(exchange.getResponse().getHeaders(), RequestThread.of(exchange.getRequest()))
                        .then(whole(exchange.getRequest()))
                        .then(Mono.defer(() -> upgrades.handleRequest(exchange, new Upgraded(key(exchange), serving)))),
                Ticket::close);
    }

    /// The end of the request, which has no body. Reactor Netty's clock for a request stops with it; over a connection
    /// that was upgraded before it came, that clock would go on and cut the session off.
    private static Mono<Void> whole(ServerHttpRequest request) {
        return request.getBody().doOnNext(DataBufferUtils::release).then();
    }

    private static Optional<KeyId> key(ServerWebExchange exchange) {
        List<String> named = exchange.getRequest().getQueryParams().getOrDefault("key_id", List.of());
        return named.size() == 1 ? Optional.ofNullable(named.getFirst()).flatMap(KeyId::parse) : Optional.empty();
    }

    /// What follows the 101. From now on refusals are close codes, which a browser's page can read.
    private final class Upgraded implements WebSocketHandler {
        private final Optional<KeyId> key;
        private final Serving serving;

        Upgraded(Optional<KeyId> key, Serving serving) {
            this.key = key;
            this.serving = serving;
        }

        @Override
        public List<String> getSubProtocols() {
            return List.of(PROTOCOL);
        }

        @Override
        public Mono<Void> handle(WebSocketSession session) {
            if (!PROTOCOL.equals(session.getHandshakeInfo().getSubProtocol())) {
                return session.close(CloseStatus.PROTOCOL_ERROR);
            }
            return live.serve(
                    serving,
                    entry -> Mono.justOrEmpty(key)
                            .flatMap(relays::connect)
                            .timeout(CONNECTING)
                            .map(Optional::of)
                            .defaultIfEmpty(Optional.empty())
                            .flatMap(relay -> relay.isPresent()
                                    ? new Passage(session, relay.get(), entry, openTimeout).run()
                                    : session.close(Closing.of(Refusal.KEY_CONFIG)))
                            .onErrorResume(thrown -> session.close(Closing.because(thrown))));
        }
    }
}
