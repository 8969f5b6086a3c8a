package dev.postern.relay.exchange;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.RequestRejected;
import dev.postern.audit.RequestServed;
import dev.postern.relay.problem.Failure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Measures requests and reports them to the audit trail. Thread-safe.
///
/// Every tag is bounded: operations and outcomes are closed sets, models are the upstream's own list.
final class RequestAccounts {
    private static final String OK = "ok";

    private final MeterRegistry meters;
    private final Consumer<AuditEvent> audit;
    private final Map<String, Timer> redactionTimers = new ConcurrentHashMap<>();

    RequestAccounts(MeterRegistry meters, Consumer<AuditEvent> audit) {
        this.meters = meters;
        this.audit = audit;
    }

    void redactionStep(String step, String outcome, long nanos) {
        // Per streamed event, so the registry is not asked every time; both values are constants of ours.
        redactionTimers
                .computeIfAbsent(
                        step + '/' + outcome, _ -> meters.timer("postern.redaction", "step", step, "outcome", outcome))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void firstToken(RequestContext context, String model, long nanos) {
        meters.timer("gen_ai.server.time_to_first_token", tags(context, model)).record(nanos, TimeUnit.NANOSECONDS);
    }

    /// A request that reached the model, however it ended.
    ///
    /// @param upstream the configured name of the server that was asked last; nothing for a list of models
    void served(
            RequestContext context,
            String model,
            Optional<String> upstream,
            String outcome,
            Usage usage,
            Map<String, Integer> found,
            long nanos) {
        duration(context, model, outcome, nanos);
        if (usage.inputTokens() > 0) {
            tokens(context, model, "input", usage.inputTokens());
        }
        if (usage.outputTokens() > 0) {
            tokens(context, model, "output", usage.outputTokens());
        }
        audit.accept(new RequestServed(
                context.request().messageId(),
                Optional.of(context.sessionId()),
                context.request().operation().path(),
                model,
                upstream,
                context.caller().clientId(),
                context.caller().tenant(),
                context.caller().tokenId(),
                context.caller().keyId(),
                outcome,
                usage.inputTokens(),
                usage.outputTokens(),
                found,
                TimeUnit.NANOSECONDS.toMillis(nanos)));
    }

    /// A request that ended before anything left for the model.
    void rejected(RequestContext context, String model, Failure failure, long nanos) {
        duration(context, model, failure.code().wireName(), nanos);
        audit.accept(new RequestRejected(
                failure.code().wireName(),
                context.request().operation().path(),
                Optional.of(context.caller().clientId()),
                Optional.of(context.sessionId()),
                Optional.of(context.caller().tokenId()),
                failure.status(),
                1));
    }

    static String outcome(Optional<Failure> failure) {
        return failure.map(cause -> cause.code().wireName()).orElse(OK);
    }

    private void duration(RequestContext context, String model, String outcome, long nanos) {
        String error = outcome.equals(OK) ? "none" : outcome;
        meters.timer("gen_ai.server.request.duration", tags(context, model).and("error.type", error))
                .record(nanos, TimeUnit.NANOSECONDS);
        meters.counter(
                        "postern.requests",
                        "operation",
                        context.request().operation().metricName(),
                        "outcome",
                        outcome)
                .increment();
    }

    private void tokens(RequestContext context, String model, String type, long count) {
        meters.summary("gen_ai.client.token.usage", tags(context, model).and("gen_ai.token.type", type))
                .record((double) count);
    }

    private static Tags tags(RequestContext context, String model) {
        return Tags.of(
                "gen_ai.operation.name", context.request().operation().metricName(), "gen_ai.request.model", model);
    }
}
