package dev.postern.relay.exchange;

import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import dev.postern.relay.redaction.RedactionExchange;
import dev.postern.relay.redaction.RedactionListener;
import dev.postern.relay.redaction.RedactionRefusal;
import dev.postern.relay.request.RelayRequest;
import dev.postern.relay.upstream.ModelCatalogue.ModelList;
import dev.postern.relay.upstream.UpstreamCall;
import dev.postern.relay.upstream.UpstreamListener;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of one request: model known -> prompt redacted -> model called -> each event restored -> answer
/// passed on.
///
/// Confined to its event loop. Memory is bounded: one upstream read at a time, and no further one while the
/// client does not take data or redaction has [#MAX_UNANSWERED] events to answer.
///
/// Longer than most: every step shares the same few pieces of state, and the order of the steps reads best in one
/// place.
final class RequestExchange implements ActiveRequest {
    private static final Logger LOG = LoggerFactory.getLogger(RequestExchange.class);
    private static final int MAX_UNANSWERED = 64;

    private final Exchanges services;
    private final RequestContext context;
    private final ScheduledExecutorService loop;
    private final AnswerSink sink;
    private final long started;
    private final ByteArrayOutputStream restoredDocument = new ByteArrayOutputStream();

    private @Nullable RedactionExchange redaction;
    private @Nullable UpstreamCall call;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable ScheduledFuture<?> redactionTimer;
    private Map<String, Integer> found = Map.of();
    private Usage usage = Usage.NONE;
    private long redactionAsked;
    private int unanswered;
    private boolean reachedModel;
    private boolean spoke;
    private boolean hasEntered = true;
    private boolean over;

    RequestExchange(Exchanges services, RequestContext context, ScheduledExecutorService loop, AnswerSink sink) {
        this.services = services;
        this.context = context;
        this.loop = loop;
        this.sink = sink;
        this.started = services.nanoTime().getAsLong();
    }

    RequestContext context() {
        return context;
    }

    /// Ends it before it had a place or a place in the queue.
    void refuse(Failure failure) {
        hasEntered = false;
        fail(failure);
    }

    /// Waits for a place: its deadline runs already.
    void await() {
        armDeadline();
    }

    /// Its turn has come. Any thread.
    void startLater() {
        try {
            loop.execute(() -> {
                // It may have ended meanwhile, and then it has left its place as well.
                if (!over) {
                    start();
                }
            });
        } catch (RejectedExecutionException _) {
            // Its connection's loop is gone; the place is not, and is left once.
            hasEntered = false;
            services.finished(this);
        }
    }

    void start() {
        guarded(this::begin);
    }

    private void begin() {
        RelayRequest request = context.request();
        if (deadline == null) {
            armDeadline();
        }
        if (!request.operation().hasPrompt()) {
            onLoop(services.catalogue().fresh(), this::listModels);
            return;
        }
        if (!services.redaction().isReady()) {
            fail(Failure.of(FailureCode.REDACTION_UNAVAILABLE));
            return;
        }
        onLoop(services.catalogue().recent(), list -> {
            if (list == null || list.ids().contains(model())) {
                redact();
            } else {
                // Perhaps a model that was added since.
                onLoop(services.catalogue().fresh(), this::redactIfKnown);
            }
        });
    }

    private void armDeadline() {
        Duration untilExpiry =
                Duration.between(services.clock().instant(), context.caller().expiresAt());
        Duration wait = context.request().deadline();
        // No answer outlives the token it was asked with.
        boolean expiresFirst = untilExpiry.compareTo(wait) < 0;
        Failure then = Failure.of(expiresFirst ? FailureCode.TOKEN_EXPIRED : FailureCode.UPSTREAM_TIMEOUT);
        long nanos = Math.max(0, (expiresFirst ? untilExpiry : wait).toNanos());
        deadline = loop.schedule(() -> guarded(() -> fail(then)), nanos, TimeUnit.NANOSECONDS);
    }

    private void listModels(@Nullable ModelList list) {
        if (list == null) {
            fail(Failure.of(FailureCode.UPSTREAM_UNAVAILABLE));
        } else {
            reachedModel = true;
            sink.document(list.of(context.mayUse()));
            succeed();
        }
    }

    private void redactIfKnown(@Nullable ModelList list) {
        // A server without a model list decides itself, when it is called.
        if (list == null || list.ids().isEmpty() || list.ids().contains(model())) {
            redact();
        } else {
            fail(Failure.of(FailureCode.UNKNOWN_MODEL));
        }
    }

    private void redact() {
        Optional<RedactionExchange> begun = services.redaction().begin(loop, new Restored());
        if (begun.isEmpty()) {
            fail(Failure.of(FailureCode.REDACTION_UNAVAILABLE));
            return;
        }
        RedactionExchange exchange = begun.get();
        redaction = exchange;
        redactionAsked = services.nanoTime().getAsLong();
        unanswered = 1;
        armRedactionTimer(services.redactionTimeout().toNanos());
        exchange.prompt(context.caller(), context.request());
    }

    private void callModel(byte[] redacted, Map<String, Integer> entities) {
        unanswered = 0;
        found = entities;
        services.accounts().redactionStep("prompt", "success", sinceRedactionAsked());
        RelayRequest request = context.request();
        try {
            call = services.upstream().start(request.operation(), request.streamed(), redacted, loop, new Answered());
            reachedModel = true;
        } catch (RequestRefused refused) {
            fail(refused.failure());
        }
    }

    private void answerEvent(byte[] json) {
        noteFirstWords();
        Usage.find(json).ifPresent(reported -> usage = reported);
        RedactionExchange exchange = redaction;
        if (exchange != null) {
            asking();
            exchange.event(json);
        }
    }

    private void answerDocument(byte[] json) {
        noteFirstWords();
        Usage.find(json).ifPresent(reported -> usage = reported);
        RedactionExchange exchange = redaction;
        if (exchange == null) {
            return;
        }
        if (context.request().operation().answersInWords()) {
            asking();
            unanswered += exchange.document(json) - 1;
        } else {
            exchange.cancel();
            sink.document(json);
            succeed();
        }
    }

    private void answerEnded() {
        RedactionExchange exchange = redaction;
        if (exchange != null) {
            asking();
            exchange.endOfEvents();
        }
    }

    private void noteFirstWords() {
        if (!spoke) {
            spoke = true;
            services.accounts().firstToken(context, boundedModel(), sinceStart());
        }
    }

    private void asking() {
        if (unanswered++ == 0) {
            redactionAsked = services.nanoTime().getAsLong();
            if (redactionTimer == null) {
                armRedactionTimer(services.redactionTimeout().toNanos());
            }
        }
    }

    private void passOn(List<byte[]> events, boolean last) {
        services.accounts().redactionStep("answer", "success", sinceRedactionAsked());
        unanswered--;
        redactionAsked = services.nanoTime().getAsLong();
        boolean streamed = context.request().streamed();
        for (byte[] event : events) {
            if (over) {
                // The session ended under an event before this one.
                return;
            }
            if (streamed) {
                sink.event(event);
            } else {
                restoredDocument.writeBytes(event);
            }
        }
        if (last) {
            if (!streamed) {
                sink.document(restoredDocument.toByteArray());
            }
            succeed();
        } else {
            pullIfWanted();
        }
    }

    private void pullIfWanted() {
        UpstreamCall running = call;
        if (running != null && unanswered < MAX_UNANSWERED && sink.isWritable()) {
            running.pull();
        }
    }

    /// One timer per exchange, moved on when it fires early.
    private void armRedactionTimer(long nanos) {
        redactionTimer = loop.schedule(() -> guarded(this::checkRedaction), nanos, TimeUnit.NANOSECONDS);
    }

    private void checkRedaction() {
        redactionTimer = null;
        if (over || unanswered == 0) {
            return;
        }
        long left = services.redactionTimeout().toNanos() - sinceRedactionAsked();
        if (left > 0) {
            armRedactionTimer(left);
            return;
        }
        services.accounts().redactionStep(reachedModel ? "answer" : "prompt", "timeout", sinceRedactionAsked());
        RedactionExchange exchange = redaction;
        if (exchange != null) {
            exchange.giveUp();
        }
        fail(redactionLost());
    }

    /// Once the model was asked nobody may be told that nothing was sent.
    private Failure redactionLost() {
        return Failure.of(reachedModel ? FailureCode.RESTORATION_UNAVAILABLE : FailureCode.REDACTION_UNAVAILABLE);
    }

    @Override
    public boolean reachedModel() {
        return reachedModel;
    }

    @Override
    public void resume() {
        if (!over) {
            guarded(this::pullIfWanted);
        }
    }

    @Override
    public void cancel(FailureCode why) {
        if (!over) {
            close(Optional.of(Failure.of(why)));
        }
    }

    private void succeed() {
        if (!over) {
            close(Optional.empty());
            sink.end();
        }
    }

    private void fail(Failure failure) {
        if (!over) {
            close(Optional.of(failure));
            sink.fail(failure);
        }
    }

    private void close(Optional<Failure> failure) {
        over = true;
        if (hasEntered) {
            services.finished(this);
        }
        try {
            cancelTimer(deadline);
            cancelTimer(redactionTimer);
            if (failure.isPresent()) {
                hangUp();
            }
            report(failure);
        } catch (RuntimeException bug) {
            // The client is told how the request ended all the same.
            LOG.error("request not closed cleanly", bug);
        }
    }

    private void hangUp() {
        RedactionExchange exchange = redaction;
        UpstreamCall running = call;
        try {
            if (running != null) {
                running.cancel();
            }
        } finally {
            if (exchange != null) {
                exchange.cancel();
            }
        }
    }

    private void report(Optional<Failure> failure) {
        String model = boundedModel();
        if (reachedModel || failure.isEmpty()) {
            String outcome = RequestAccounts.outcome(failure);
            services.accounts().served(context, model, outcome, usage, found, sinceStart());
        } else {
            services.accounts().rejected(context, model, failure.get(), sinceStart());
        }
    }

    private static void cancelTimer(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private String model() {
        return context.request().model().orElse("");
    }

    private String boundedModel() {
        return context.request().model().map(services.catalogue()::bounded).orElse("none");
    }

    private long sinceStart() {
        return services.nanoTime().getAsLong() - started;
    }

    private long sinceRedactionAsked() {
        return services.nanoTime().getAsLong() - redactionAsked;
    }

    private interface ListStep {
        void accept(@Nullable ModelList list);
    }

    /// Goes on with the list, or with null when there is none; at once when it is known already.
    private void onLoop(CompletableFuture<ModelList> list, ListStep next) {
        if (list.isDone()) {
            next.accept(list.isCompletedExceptionally() ? null : list.join());
            return;
        }
        var _ = list.whenComplete((known, _) -> {
            try {
                loop.execute(() -> whileOpen(() -> next.accept(known)));
            } catch (RejectedExecutionException _) {
                // The relay is going down.
            }
        });
    }

    private void whileOpen(Runnable step) {
        if (!over) {
            guarded(step);
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException bug) {
            LOG.error("request failed by a bug", bug);
            fail(Failure.of(FailureCode.INTERNAL));
        }
    }

    private final class Restored implements RedactionListener {
        @Override
        public void redacted(byte[] body, Map<String, Integer> entities) {
            whileOpen(() -> callModel(body, entities));
        }

        @Override
        public void restored(List<byte[]> events, boolean last) {
            whileOpen(() -> passOn(events, last));
        }

        @Override
        public void refused(RedactionRefusal reason) {
            whileOpen(() -> fail(Failure.of(
                    switch (reason) {
                        // A malformed answer is the model server's fault, a malformed prompt the client's.
                        case MALFORMED -> reachedModel ? FailureCode.UPSTREAM_UNAVAILABLE : FailureCode.BAD_REQUEST;
                        case TOO_LARGE -> reachedModel ? FailureCode.UPSTREAM_UNAVAILABLE : FailureCode.TOO_LARGE;
                        case OVERLOADED -> reachedModel ? FailureCode.RESTORATION_UNAVAILABLE : FailureCode.OVERLOADED;
                        case FAILED -> redactionLost().code();
                    })));
        }

        @Override
        public void lost() {
            whileOpen(() -> fail(redactionLost()));
        }
    }

    private final class Answered implements UpstreamListener {
        @Override
        public void event(byte[] json) {
            whileOpen(() -> answerEvent(json));
        }

        @Override
        public void paused() {
            whileOpen(RequestExchange.this::pullIfWanted);
        }

        @Override
        public void document(byte[] json) {
            whileOpen(() -> answerDocument(json));
        }

        @Override
        public void ended() {
            whileOpen(RequestExchange.this::answerEnded);
        }

        @Override
        public void failed(Failure failure) {
            whileOpen(() -> fail(failure));
        }
    }
}
