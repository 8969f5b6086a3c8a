package dev.postern.gateway.routing;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.isAlreadyRouted;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.setAlreadyRouted;

import dev.postern.gateway.access.Caller;
import dev.postern.gateway.admission.Admission;
import dev.postern.gateway.admission.ModelAccess;
import dev.postern.gateway.admission.Ticket;
import dev.postern.gateway.api.Conversation;
import dev.postern.gateway.api.Operation;
import dev.postern.gateway.api.RelayRequest;
import dev.postern.gateway.api.RequestBody;
import dev.postern.gateway.decision.Decisions;
import dev.postern.gateway.decision.RequestLabels;
import dev.postern.gateway.exchange.RequestId;
import dev.postern.gateway.live.LiveRequest;
import dev.postern.gateway.live.LiveRequests;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.gateway.relay.AnswerShape;
import dev.postern.gateway.relay.RelaySessions;
import dev.postern.session.MessageAssembler.Message;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Carries requests of `ssp1:` routes over a sealed session to a relay, as Gateway's own filters do for `http:` and
/// `ws:` ones.
final class SealedRoutingFilter implements GlobalFilter, Ordered {
    private static final String SCHEME = "ssp1";

    private final BodyReader bodies;
    private final BodyBudget budget = BodyBudget.ofThisProcess();
    private final Decisions decisions;
    private final LiveRequests live;
    private final Admission admission;
    private final ModelAccess models;
    private final RelaySessions sessions;
    private final AddedLatency latency;
    private final Duration deadline;

    SealedRoutingFilter(
            BodyReader bodies,
            Decisions decisions,
            LiveRequests live,
            Admission admission,
            ModelAccess models,
            RelaySessions sessions,
            AddedLatency latency,
            Duration deadline) {
        this.bodies = bodies;
        this.decisions = decisions;
        this.live = live;
        this.admission = admission;
        this.models = models;
        this.sessions = sessions;
        this.latency = latency;
        this.deadline = deadline;
    }

    /// Before the filters that route `http:` and `ws:`, after the one that finds the route's URL.
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE - 2;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        URI url = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
        if (isAlreadyRouted(exchange) || !SCHEME.equals(url.getScheme())) {
            return chain.filter(exchange);
        }
        setAlreadyRouted(exchange);
        Operation operation = operation(exchange);
        if (!operation.method().equals(exchange.getRequest().getMethod())) {
            exchange.getResponse().getHeaders().setAllow(Set.of(operation.method()));
            return Mono.error(new Refused(Failure.METHOD_NOT_ALLOWED));
        }
        Caller caller = Caller.require(exchange);
        BodyBudget.Lease lease = budget.lease();
        return bodies.read(operation, exchange.getRequest(), lease)
                .flatMap(body -> carry(exchange, operation, caller, body))
                .doFinally(_ -> lease.release());
    }

    private Mono<Void> carry(ServerWebExchange exchange, Operation operation, Caller caller, byte[] read) {
        Timer.Sample sample = latency.start();
        RequestBody body = RequestBody.parse(operation, read);
        return decisions
                .decide(exchange, operation, caller, body)
                .flatMap(serving ->
                        live.serve(serving, request -> admit(exchange, operation, caller, body, request, sample)));
    }

    private Mono<Void> admit(
            ServerWebExchange exchange,
            Operation operation,
            Caller caller,
            RequestBody body,
            LiveRequest request,
            Timer.Sample sample) {
        return Mono.using(
                () -> admission.ticket(RequestId.of(exchange).value(), caller.token(), operation, body),
                ticket -> ticket.admit(exchange.getResponse().getHeaders(), RequestThread.of(exchange.getRequest()))
                        .then(Mono.defer(() -> send(exchange, operation, caller, ticket, request, sample))),
                Ticket::close);
    }

    private Mono<Void> send(
            ServerWebExchange exchange,
            Operation operation,
            Caller caller,
            Ticket ticket,
            LiveRequest entry,
            Timer.Sample sample) {
        RequestBody body = ticket.body();
        byte[] request = new RelayRequest(
                        operation,
                        RequestId.of(exchange).value(),
                        deadline,
                        caller,
                        Conversation.of(exchange.getRequest().getHeaders()),
                        RequestLabels.of(exchange.getRequest().getHeaders()).latencyClass(),
                        RequestLabels.stated(exchange.getRequest().getHeaders()),
                        body)
                .toJson();
        Runnable sent = () -> {
            ticket.sent();
            latency.stop(sample);
        };
        if (body.streamed()) {
            return AnswerWriter.events(
                    exchange,
                    entry.guarded(
                            ticket.events(sessions.exchange(request, AnswerShape.EVENTS, sent), Message::content)));
        }
        Mono<byte[]> document = ticket.document(entry.guarded(sessions.exchange(request, AnswerShape.DOCUMENT, sent))
                .map(Message::content)
                .reduce(SealedRoutingFilter::joined));
        return AnswerWriter.document(
                exchange.getResponse(), document.map(json -> shown(exchange, operation, caller, json)));
    }

    /// What of a document its caller may see.
    private byte[] shown(ServerWebExchange exchange, Operation operation, Caller caller, byte[] json) {
        Predicate<String> mayUse = model -> models.mayUse(caller.token(), model);
        return switch (operation) {
            case LIST_MODELS -> ModelList.filtered(json, mayUse);
            case GET_MODEL -> ModelList.one(json, ModelList.idOf(exchange.getRequest()), mayUse);
            case CHAT_COMPLETIONS, COMPLETIONS, EMBEDDINGS, SEALED_SESSION -> json;
        };
    }

    private static Operation operation(ServerWebExchange exchange) {
        Route route = exchange.getRequiredAttribute(GATEWAY_ROUTE_ATTR);
        return Operation.ofRoute(route.getId())
                .orElseThrow(() -> new IllegalStateException("a route without an operation: " + route.getId()));
    }

    private static byte[] joined(byte[] before, byte[] after) {
        byte[] all = Arrays.copyOf(before, before.length + after.length);
        System.arraycopy(after, 0, all, before.length, after.length);
        return all;
    }
}
