package dev.postern.relay.exchange;

import dev.postern.relay.capture.CapturedExchange;
import dev.postern.relay.problem.Failure;
import java.util.Map;
import java.util.Optional;

/// What one request's accounts need to know at its end. Confined to the request's event loop.
final class RequestTally {
    private final Exchanges services;
    private final RequestContext context;
    private final long started;
    private Map<String, Integer> found = Map.of();
    private Usage usage = Usage.NONE;
    private boolean spoke;
    private final Optional<CapturedExchange> captured;

    RequestTally(Exchanges services, RequestContext context) {
        this.services = services;
        this.context = context;
        this.started = services.nanoTime().getAsLong();
        this.captured = services.captures().begin(context.caller(), context.request());
    }

    /// What was replaced in its prompt.
    void redacted(Map<String, Integer> entities) {
        found = entities;
    }

    /// The model said something.
    void heard(byte[] json) {
        if (!spoke) {
            spoke = true;
            services.accounts().firstToken(context, model(), elapsed());
        }
        Usage.find(json).ifPresent(reported -> usage = reported);
    }

    /// The client got this.
    void passedOn(byte[] json) {
        captured.ifPresent(exchange -> exchange.answered(json));
    }

    /// It ended after something may have left for the model.
    void served(Optional<String> upstream, Optional<Failure> failure) {
        services.accounts()
                .served(context, model(), upstream, RequestAccounts.outcome(failure), usage, found, elapsed());
        captured.ifPresent(CapturedExchange::served);
    }

    /// It ended before that.
    void rejected(Failure failure) {
        services.accounts().rejected(context, model(), failure, elapsed());
    }

    /// Nothing more is said of it, whatever was said before.
    void close() {
        captured.ifPresent(CapturedExchange::abandoned);
    }

    private String model() {
        return context.request().model().map(services.catalogue()::bounded).orElse("none");
    }

    private long elapsed() {
        return services.nanoTime().getAsLong() - started;
    }
}
