package dev.postern.relay.exchange;

import dev.postern.audit.AuditEvent;
import dev.postern.relay.capture.BodyCaptures;
import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.redaction.RedactionLink;
import dev.postern.relay.upstream.ModelCatalogue;
import dev.postern.relay.upstream.UpstreamModel;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Serves requests: redaction, then the model, then restoration. Thread-safe; each request stays on its own
/// event loop.
///
/// Guarantees: a prompt reaches the model only as redaction returned it; an answer ends with its whole content or with
/// a failure, never silently short; over the limit of requests at once a request waits in a bounded queue, within its
/// deadline, and over the limit of that it is refused.
public final class Exchanges {
    private final RedactionLink redaction;
    private final Duration redactionTimeout;
    private final UpstreamModel upstream;
    private final ModelCatalogue catalogue;
    private final RequestAccounts accounts;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Places places;
    private final BodyCaptures captures;

    public Exchanges(
            RedactionLink redaction,
            Duration redactionTimeout,
            UpstreamModel upstream,
            ModelCatalogue catalogue,
            MeterRegistry meters,
            Consumer<AuditEvent> audit,
            Clock clock,
            LongSupplier nanoTime,
            int maxAtOnce,
            int maxWaiting,
            BodyCaptures captures) {
        this.redaction = redaction;
        this.redactionTimeout = redactionTimeout;
        this.upstream = upstream;
        this.catalogue = catalogue;
        this.accounts = new RequestAccounts(meters, audit);
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.captures = captures;
        this.places = new Places(maxAtOnce, maxWaiting);
        Gauge.builder("postern.requests.waiting", places, Places::waiting)
                .description("Requests that wait for a place to be served")
                .register(meters);
    }

    /// Starts serving; call it on `loop`, where the sink is called too, possibly before this returns.
    public ActiveRequest begin(RequestContext context, ScheduledExecutorService loop, AnswerSink sink) {
        RequestExchange exchange = new RequestExchange(this, context, loop, sink);
        switch (places.enter(exchange)) {
            case SERVED -> exchange.start();
            case WAITING -> exchange.await();
            case REFUSED -> exchange.refuse(Failure.of(FailureCode.OVERLOADED));
        }
        return exchange;
    }

    /// Requests being served now.
    public int active() {
        return places.taken();
    }

    /// A request is over; who waited longest by the rules of [WaitingRequests] follows, on its own event loop.
    void finished(RequestExchange exchange) {
        places.leave(exchange).ifPresent(RequestExchange::startLater);
    }

    RedactionLink redaction() {
        return redaction;
    }

    Duration redactionTimeout() {
        return redactionTimeout;
    }

    UpstreamModel upstream() {
        return upstream;
    }

    ModelCatalogue catalogue() {
        return catalogue;
    }

    RequestAccounts accounts() {
        return accounts;
    }

    BodyCaptures captures() {
        return captures;
    }

    Clock clock() {
        return clock;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }
}
