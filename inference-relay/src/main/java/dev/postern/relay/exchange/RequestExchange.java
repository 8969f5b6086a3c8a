package dev.postern.relay.exchange;

import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import dev.postern.relay.redaction.RedactionExchange;
import dev.postern.relay.redaction.RedactionListener;
import dev.postern.relay.redaction.RedactionRefusal;
import dev.postern.relay.request.RelayRequest;
import dev.postern.relay.upstream.ModelCatalogue.ModelList;
import dev.postern.relay.upstream.ModelRequest;
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
/// client does not take data or redaction has enough to answer.
///
/// Longer than most: it is the order of the steps, and how each of them can end, in one place. What redaction owes an
/// answer to is [RedactionSteps], what is told at the end [RequestTally].
final class RequestExchange implements ActiveRequest {
    private static final Logger LOG = LoggerFactory.getLogger(RequestExchange.class);

    private final Exchanges services;
    private final RequestContext context;
    private final ScheduledExecutorService loop;
    private final AnswerSink sink;
    private final RedactionSteps steps;
    private final RequestTally tally;
    private final ByteArrayOutputStream restoredDocument = new ByteArrayOutputStream();

    private @Nullable RedactionExchange redaction;
    private @Nullable UpstreamCall call;
    private @Nullable ScheduledFuture<?> deadline;
    private long endsAt;
    private boolean reachedModel;
    private boolean hasEntered = true;
    private boolean over;

    RequestExchange(Exchanges services, RequestContext context, ScheduledExecutorService loop, AnswerSink sink) {
        this.services = services;
        this.context = context;
        this.loop = loop;
        this.sink = sink;
        this.steps = new RedactionSteps(services, loop, () -> guarded(this::redactionTooLate));
        this.tally = new RequestTally(services, context);
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
        endsAt = services.nanoTime().getAsLong() + nanos;
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
        steps.asked(context.request().body().length);
        Duration left = Duration.ofNanos(endsAt - services.nanoTime().getAsLong());
        exchange.prompt(context.caller(), context.request(), left);
    }

    private void callModel(byte[] redacted, Map<String, Integer> entities) {
        steps.answered("prompt");
        tally.redacted(entities);
        RelayRequest request = context.request();
        try {
            call = services.upstream()
                    .start(
                            new ModelRequest(request.operation(), model(), request.streamed(), redacted, endsAt),
                            loop,
                            new Answered());
            reachedModel = true;
        } catch (RequestRefused refused) {
            fail(refused.failure());
        }
    }

    private void answerEvent(byte[] json) {
        tally.heard(json);
        RedactionExchange exchange = redaction;
        if (exchange != null) {
            steps.asked(json.length);
            exchange.event(json);
        }
    }

    private void answerDocument(byte[] json) {
        tally.heard(json);
        RedactionExchange exchange = redaction;
        if (exchange == null) {
            return;
        }
        if (context.request().operation().answersInWords()) {
            exchange.document(json).forEach(steps::asked);
        } else {
            exchange.cancel();
            passOn(json);
            succeed();
        }
    }

    private void answerEnded() {
        RedactionExchange exchange = redaction;
        if (exchange != null) {
            steps.asked(0);
            exchange.endOfEvents();
        }
    }

    private void passOn(List<byte[]> events, boolean last) {
        steps.answered("answer");
        boolean streamed = context.request().streamed();
        for (byte[] event : events) {
            if (over) {
                // The session ended under an event before this one.
                return;
            }
            if (streamed) {
                tally.passedOn(event);
                sink.event(event);
            } else {
                restoredDocument.writeBytes(event);
            }
        }
        if (last) {
            if (!streamed) {
                passOn(restoredDocument.toByteArray());
            }
            succeed();
        } else {
            pullIfWanted();
        }
    }

    private void passOn(byte[] document) {
        tally.passedOn(document);
        sink.document(document);
    }

    private void pullIfWanted() {
        UpstreamCall running = call;
        if (running != null && steps.hasRoom() && sink.isWritable()) {
            running.pull();
        }
    }

    private void redactionTooLate() {
        if (over) {
            return;
        }
        steps.timedOut(reachedModel ? "answer" : "prompt");
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
            if (deadline != null) {
                deadline.cancel(false);
            }
            steps.close();
            if (failure.isPresent()) {
                hangUp();
            }
            report(failure);
        } catch (RuntimeException bug) {
            // The client is told how the request ended all the same.
            LOG.error("request not closed cleanly", bug);
        } finally {
            tally.close();
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
        if (reachedModel || failure.isEmpty()) {
            tally.served(Optional.ofNullable(call).map(UpstreamCall::upstream), failure);
        } else {
            tally.rejected(failure.get());
        }
    }

    private String model() {
        return context.request().model().orElse("");
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
                        case BLOCKED -> FailureCode.POLICY_BLOCKED;
                        case FAILED -> redactionLost().code();
                    })));
        }

        @Override
        public void blocked(List<String> kinds) {
            whileOpen(() -> fail(Failure.policyBlocked(kinds)));
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
