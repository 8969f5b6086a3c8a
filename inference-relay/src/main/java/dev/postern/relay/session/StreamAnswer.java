package dev.postern.relay.session;

import dev.postern.relay.exchange.ActiveRequest;
import dev.postern.relay.exchange.AnswerSink;
import dev.postern.relay.exchange.RequestContext;
import dev.postern.relay.journal.Result;
import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// One stream's way back to the client. While the trust feed is silent its steps wait in order; not many, for the
/// model is held back as if the client took nothing. Confined to the session's event loop.
final class StreamAnswer implements AnswerSink {
    private static final byte[] EMPTY = {};

    private final RelaySession session;
    private final int stream;
    private final RequestContext context;
    private final Optional<OnceOnly> once;
    private final Queue<Runnable> held = new ArrayDeque<>();
    private @Nullable ActiveRequest active;
    private boolean over;

    StreamAnswer(RelaySession session, int stream, RequestContext context, Optional<OnceOnly> once) {
        this.session = session;
        this.stream = stream;
        this.context = context;
        this.once = once;
    }

    /// What serves it.
    void servedBy(ActiveRequest request) {
        active = request;
    }

    /// The same answer as before, to the same request.
    void repeat(Result result) {
        for (byte[] content : result.contents()) {
            if (result.streamed()) {
                event(content);
            } else {
                document(content);
            }
        }
        end();
    }

    Optional<OnceOnly> once() {
        return once;
    }

    RequestContext context() {
        return context;
    }

    boolean over() {
        return over;
    }

    private void whenTrusted(Runnable step) {
        if (held.isEmpty() && session.isTrustCurrent()) {
            step.run();
        } else {
            held.add(step);
        }
    }

    /// Lets out what was held back, as far as the feed is heard.
    void release() {
        while (!held.isEmpty() && session.isTrustCurrent()) {
            held.remove().run();
        }
    }

    /// The connection takes data again.
    void resume() {
        ActiveRequest running = active;
        if (running != null && !over && isWritable()) {
            running.resume();
        }
    }

    /// Nothing more leaves, held back or not.
    void abandon(FailureCode why) {
        over = true;
        held.clear();
        ActiveRequest running = active;
        if (running != null) {
            running.cancel(why);
        }
        once.ifPresent(kept -> kept.failed(hadEffect()));
    }

    private boolean hadEffect() {
        ActiveRequest running = active;
        return running != null && running.reachedModel();
    }

    @Override
    public void event(byte[] json) {
        once.ifPresent(kept -> kept.passed(json));
        whenTrusted(() -> session.seal(stream, json, ContentType.JSON, Chunk.MORE));
    }

    @Override
    public void document(byte[] json) {
        once.ifPresent(kept -> kept.passed(json));
        whenTrusted(() -> session.seal(stream, json, ContentType.JSON, Chunk.LAST));
    }

    @Override
    public void end() {
        once.ifPresent(OnceOnly::whole);
        whenTrusted(() -> {
            if (context.request().streamed()) {
                session.seal(stream, EMPTY, ContentType.JSON, Chunk.LAST);
            }
            finish();
        });
    }

    @Override
    public void fail(Failure failure) {
        // An error holds no data, and what it ends will not be whole any more.
        held.clear();
        once.ifPresent(kept -> kept.failed(hadEffect()));
        session.sealError(stream, failure);
        finish();
    }

    private void finish() {
        over = true;
        session.answered(stream);
    }

    @Override
    public boolean isWritable() {
        return held.isEmpty() && session.isWritable() && session.isTrustCurrent();
    }
}
