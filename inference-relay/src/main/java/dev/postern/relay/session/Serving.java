package dev.postern.relay.session;

import dev.postern.relay.admission.Admitted;
import dev.postern.relay.exchange.RequestContext;
import dev.postern.relay.journal.Effect;
import dev.postern.relay.journal.Result;
import dev.postern.relay.journal.ResultJournal.Claim;
import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.request.Operation;
import dev.postern.relay.request.RelayRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;

/// The requests of one session from the moment they may be served until their answers are whole. Confined to the
/// session's event loop.
///
/// Requests of a client that speaks for itself pass the journal, so that one which is sent again has no second effect.
/// Failure direction: while the journal is away they are served without, as sessions go on without the shared window.
final class Serving {
    private final RelaySession session;
    private final Sessions services;
    private final Admitted admitted;
    private final Duration remembered;
    private final ScheduledExecutorService loop;
    private final Map<Integer, StreamAnswer> byStream = new HashMap<>();

    Serving(RelaySession session, Sessions services, Admitted admitted, ScheduledExecutorService loop) {
        this.session = session;
        this.services = services;
        this.admitted = admitted;
        this.remembered = admitted.accepted().session().terms().idempotency();
        this.loop = loop;
    }

    /// Serves a request, or refuses it when there is no room for its body.
    void begin(int stream, RequestContext context) {
        StreamAnswer answer = new StreamAnswer(session, stream, context, onceOnly(context));
        if (!services.held().tryTake(context.request().body().length)) {
            session.refuse(stream, context.request().operation().path(), Failure.of(FailureCode.OVERLOADED));
            return;
        }
        byStream.put(stream, answer);
        Optional<OnceOnly> once = answer.once();
        if (once.isEmpty()) {
            serve(answer);
        } else {
            var _ = once.get()
                    .claim()
                    .thenAccept(claim -> session.onLoop(() -> claimed(stream, answer, once.get(), claim)));
        }
    }

    private void serve(StreamAnswer answer) {
        if (answer.context().request().operation() == Operation.ECHO) {
            answer.servedBy(new Echo(answer, services.accounts()));
            answer.resume();
        } else {
            answer.servedBy(services.exchanges().begin(answer.context(), loop, answer));
        }
    }

    /// A gateway never sends a request again, and a list of models has no effect.
    private Optional<OnceOnly> onceOnly(RequestContext context) {
        RelayRequest request = context.request();
        if (admitted.mayDelegate() || !request.operation().hasPrompt()) {
            return Optional.empty();
        }
        Effect effect = new Effect(admitted.self().tenant(), admitted.self().clientId(), request.messageId());
        return Optional.of(new OnceOnly(services.journal(), services.held(), effect, remembered, request.streamed()));
    }

    private void claimed(int stream, StreamAnswer answer, OnceOnly once, Claim claim) {
        if (claim instanceof Claim.First) {
            once.begun();
        }
        if (answer.over()) {
            // Given up while the journal was asked.
            once.failed(false);
            return;
        }
        switch (claim) {
            case Claim.First _, Claim.Away _ -> serve(answer);
            case Claim.Known(Result result)
            when result.streamed() == answer.context().request().streamed() -> {
                services.accounts().repeated();
                answer.repeat(result);
            }
            // Nobody knows what became of it, or it is another request than the one that its id names.
            case Claim.Begun _, Claim.Known _ -> {
                done(stream);
                session.refuse(
                        stream, answer.context().request().operation().path(), Failure.of(FailureCode.EFFECT_UNKNOWN));
            }
        }
    }

    /// The answer of a stream is whole, or will never be.
    Optional<StreamAnswer> done(int stream) {
        StreamAnswer answer = byStream.remove(stream);
        if (answer != null) {
            services.held().give(answer.context().request().body().length);
        }
        return Optional.ofNullable(answer);
    }

    void abandon(int stream, FailureCode why) {
        done(stream).ifPresent(answer -> answer.abandon(why));
    }

    void abandonAll(FailureCode why) {
        for (int stream : List.copyOf(byStream.keySet())) {
            abandon(stream, why);
        }
    }

    /// Ends those that may not go on.
    void end(Predicate<RequestContext> which) {
        for (Map.Entry<Integer, StreamAnswer> entry : List.copyOf(byStream.entrySet())) {
            if (which.test(entry.getValue().context())) {
                session.sealError(entry.getKey(), Failure.of(FailureCode.FORBIDDEN));
                abandon(entry.getKey(), FailureCode.FORBIDDEN);
            }
        }
    }

    /// The connection takes data again.
    void resume() {
        for (StreamAnswer answer : List.copyOf(byStream.values())) {
            if (!session.isWritable()) {
                return;
            }
            answer.resume();
        }
    }

    /// The trust feed is heard: what was held back goes out.
    void release() {
        for (StreamAnswer answer : List.copyOf(byStream.values())) {
            answer.release();
        }
        resume();
    }

    boolean isEmpty() {
        return byStream.isEmpty();
    }
}
