package dev.postern.relay.exchange;

import dev.postern.audit.AuditEvent;
import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.redaction.RedactionLink;
import dev.postern.relay.upstream.ModelCatalogue;
import dev.postern.relay.upstream.UpstreamModel;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Serves requests: redaction, then the model, then restoration. Thread-safe; each request stays on its own
/// event loop.
///
/// Guarantees: a prompt reaches the model only as redaction returned it; an answer ends with its whole content
/// or with a failure, never silently short; over the limit of requests at once a request is refused and not
/// queued.
public final class Exchanges {
    private final RedactionLink redaction;
    private final Duration redactionTimeout;
    private final UpstreamModel upstream;
    private final ModelCatalogue catalogue;
    private final RequestAccounts accounts;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final int maxAtOnce;
    private final AtomicInteger atOnce = new AtomicInteger();

    public Exchanges(
            RedactionLink redaction,
            Duration redactionTimeout,
            UpstreamModel upstream,
            ModelCatalogue catalogue,
            MeterRegistry meters,
            Consumer<AuditEvent> audit,
            Clock clock,
            LongSupplier nanoTime,
            int maxAtOnce) {
        this.redaction = redaction;
        this.redactionTimeout = redactionTimeout;
        this.upstream = upstream;
        this.catalogue = catalogue;
        this.accounts = new RequestAccounts(meters, audit);
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.maxAtOnce = maxAtOnce;
    }

    /// Starts serving; call it on `loop`, where the sink is called too, possibly before this returns.
    public ActiveRequest begin(RequestContext context, ScheduledExecutorService loop, AnswerSink sink) {
        RequestExchange exchange = new RequestExchange(this, context, loop, sink);
        if (atOnce.incrementAndGet() > maxAtOnce) {
            exchange.refuse(Failure.of(FailureCode.OVERLOADED));
        } else {
            exchange.start();
        }
        return exchange;
    }

    /// Requests being served now.
    public int active() {
        return atOnce.get();
    }

    void finished() {
        atOnce.decrementAndGet();
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

    Clock clock() {
        return clock;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }
}
