package dev.postern.relay.upstream;

import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One HTTP exchange with the model server.
///
/// All state belongs to the event loop; the HTTP client's threads only hand over to it. At most one read is in
/// flight, so a slow client holds back the model and not the relay's memory.
final class HttpUpstreamCall implements Flow.Subscriber<List<ByteBuffer>> {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final Duration TAIL = Duration.ofSeconds(1);

    private final UpstreamProperties properties;
    private final ModelRequest request;
    private final ScheduledExecutorService loop;
    private final LongSupplier nanoTime;
    private final AttemptListener listener;
    private final UpstreamAttempt attempt;
    private final SseParser events;
    private final ByteArrayOutputStream document = new ByteArrayOutputStream();

    private @Nullable CompletableFuture<HttpResponse<Void>> response;
    private Flow.@Nullable Subscription subscription;
    private @Nullable ScheduledFuture<?> timer;
    private long waitingSince;
    private long headWait;
    /// Whether there is an answer, so that the request is this server's.
    private boolean answering;
    private boolean reading;
    private boolean over;

    HttpUpstreamCall(
            UpstreamProperties properties,
            ModelRequest request,
            ScheduledExecutorService loop,
            LongSupplier nanoTime,
            AttemptListener listener,
            UpstreamAttempt attempt) {
        this.properties = properties;
        this.request = request;
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.listener = listener;
        this.attempt = attempt;
        this.events = new SseParser(properties.maxEventBytes());
    }

    /// Follows `running`, whose body handler must be this call's [#answer].
    void follow(CompletableFuture<HttpResponse<Void>> running) {
        response = running;
        waitingSince = nanoTime.getAsLong();
        headWait = Math.clamp(
                (request.deadline() - waitingSince) / 2,
                0,
                properties.responseTimeout().toNanos());
        arm(headWait);
        var _ = running.whenComplete((_, failure) -> {
            if (failure != null) {
                hand(() -> broke(failure));
            }
        });
    }

    /// Called by the HTTP client when the head of the answer is there.
    HttpResponse.BodySubscriber<Void> answer(HttpResponse.ResponseInfo head) {
        int status = head.statusCode();
        boolean eventStream = head.headers()
                .firstValue("content-type")
                .map(type -> type.startsWith("text/event-stream"))
                .orElse(false);
        hand(() -> begin(status, eventStream));
        return HttpResponse.BodySubscribers.fromSubscriber(this);
    }

    private void begin(int status, boolean eventStream) {
        if (over) {
            return;
        }
        if (UpstreamAttempt.isItsOwn(status)) {
            fail(UpstreamAttempt.failureFor(status));
            return;
        }
        answering = true;
        if (status != 200) {
            fail(UpstreamAttempt.failureFor(status));
        } else if (eventStream != request.streamed()) {
            fail(Failure.of(FailureCode.UPSTREAM_UNAVAILABLE));
        } else {
            attempt.begun();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription body) {
        hand(() -> {
            if (over) {
                body.cancel();
            } else {
                subscription = body;
                pull();
            }
        });
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        hand(() -> received(buffers));
    }

    @Override
    public void onError(Throwable failure) {
        hand(() -> broke(failure));
    }

    @Override
    public void onComplete() {
        hand(this::completed);
    }

    /// Asks for the next read of a streamed answer.
    void pull() {
        Flow.Subscription body = subscription;
        if (body != null && !over && !reading) {
            reading = true;
            waitingSince = nanoTime.getAsLong();
            body.request(1);
        }
    }

    private void received(List<ByteBuffer> buffers) {
        reading = false;
        if (over) {
            return;
        }
        if (!request.streamed()) {
            collect(buffers);
            return;
        }
        try {
            for (ByteBuffer buffer : buffers) {
                events.feed(buffer, this::event);
            }
        } catch (SseParser.EventTooLarge _) {
            fail(Failure.of(FailureCode.UPSTREAM_UNAVAILABLE));
        }
        if (!over) {
            listener.paused();
        }
    }

    private void collect(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (document.size() + buffer.remaining() > properties.maxDocumentBytes()) {
                fail(Failure.of(FailureCode.UPSTREAM_UNAVAILABLE));
                return;
            }
            byte[] part = new byte[buffer.remaining()];
            buffer.get(part);
            document.writeBytes(part);
        }
        pull();
    }

    private void event(byte[] data) {
        if (over) {
            return;
        }
        if (Arrays.equals(data, DONE)) {
            finish();
            attempt.succeeded();
            readTail();
            listener.ended();
        } else if (UpstreamErrors.isError(data)) {
            fail(Failure.of(FailureCode.UPSTREAM_UNAVAILABLE));
        } else {
            listener.event(data);
        }
    }

    /// Lets the last empty chunk arrive so that the connection can serve the next request.
    private void readTail() {
        Flow.Subscription body = subscription;
        if (body != null) {
            body.request(Long.MAX_VALUE);
            timer = loop.schedule(body::cancel, TAIL.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void completed() {
        if (over) {
            disarm();
        } else if (request.streamed()) {
            // The stream ended without [DONE]: what was sent so far is not the whole answer.
            fail(Failure.of(FailureCode.UPSTREAM_UNAVAILABLE));
        } else {
            byte[] whole = document.toByteArray();
            if (UpstreamErrors.isError(whole)) {
                fail(Failure.of(FailureCode.UPSTREAM_UNAVAILABLE));
                return;
            }
            finish();
            attempt.succeeded();
            listener.document(whole);
        }
    }

    private void broke(Throwable failure) {
        if (over) {
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        fail(Failure.of(
                cause instanceof HttpTimeoutException
                        ? FailureCode.UPSTREAM_TIMEOUT
                        : FailureCode.UPSTREAM_UNAVAILABLE));
    }

    private void fail(Failure failure) {
        attempt.failed(failure);
        stop(failure);
    }

    private void stop(Failure failure) {
        finish();
        close();
        if (answering) {
            listener.failed(failure);
        } else {
            listener.unserved(failure);
        }
    }

    /// Ends the call and closes its connection. The listener hears nothing more.
    void cancel() {
        if (!over) {
            finish();
            attempt.cancelled();
            close();
        }
    }

    private void close() {
        Flow.Subscription body = subscription;
        CompletableFuture<HttpResponse<Void>> running = response;
        if (body != null) {
            body.cancel();
        }
        if (running != null) {
            running.cancel(true);
        }
    }

    private void finish() {
        over = true;
        disarm();
    }

    private void arm(long nanos) {
        timer = loop.schedule(this::checkWait, nanos, TimeUnit.NANOSECONDS);
    }

    private void disarm() {
        ScheduledFuture<?> armed = timer;
        if (armed != null) {
            armed.cancel(false);
            timer = null;
        }
    }

    /// One timer for the whole call, moved on when it fires early: cheaper than one per read.
    private void checkWait() {
        if (over) {
            return;
        }
        long limit = answering ? properties.idleTimeout().toNanos() : headWait;
        boolean waiting = reading || !answering;
        long waited = waiting ? nanoTime.getAsLong() - waitingSince : 0;
        long longest = properties.responseTimeout().toNanos();
        if (waited < limit) {
            arm(limit - waited);
        } else if (answering || waited >= longest) {
            fail(Failure.of(FailureCode.UPSTREAM_TIMEOUT));
        } else if (listener.mayGoElsewhere()) {
            leave(waited);
        } else {
            headWait = longest;
            arm(longest - waited);
        }
    }

    /// Ends the attempt because another server takes the request over. A wait that only the client's haste made short
    /// says nothing of this one.
    private void leave(long waited) {
        Failure failure = Failure.of(FailureCode.UPSTREAM_TIMEOUT);
        if (waited >= properties.patience().toNanos()) {
            attempt.failed(failure);
        } else {
            attempt.cancelled();
        }
        stop(failure);
    }

    private void hand(Runnable step) {
        try {
            loop.execute(step);
        } catch (RejectedExecutionException _) {
            // The relay is going down and with it the client's connection: only the model's is left to close.
            close();
        }
    }
}
