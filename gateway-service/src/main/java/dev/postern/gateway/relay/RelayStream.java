package dev.postern.gateway.relay;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.session.ContentTooLarge;
import dev.postern.session.MessageAssembler;
import dev.postern.session.MessageAssembler.Message;
import dev.postern.session.Received;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/// One request on its way to a relay, and the bounded way of its answer back.
///
/// The carrying connection's event loop makes all calls but [#answer], whose subscriber may be on any thread. A
/// subscriber that does not keep up is cut off at the buffer's limit: to wait for it would make every other stream of
/// the session wait too.
final class RelayStream {
    /// How much of an answer is held here.
    ///
    /// @param message octets of a single message
    /// @param buffer octets of messages that were not yet read; one message always fits
    record Limits(int message, long buffer) {}

    private final byte[] request;
    private final Duration deadline;
    private final long bufferLimit;
    private final MessageAssembler assembler;
    private final BooleanSupplier flowing;
    private final Runnable sent;
    private final Sinks.Many<Message> messages = Sinks.many().unicast().onBackpressureBuffer();
    private final AtomicLong buffered = new AtomicLong();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile @Nullable SealedConnection carrier;
    private int number;
    private @Nullable ScheduledFuture<?> timer;

    /// @param flowing whether answers may leave at present; when not, a full buffer is not its reader's fault
    RelayStream(byte[] request, Duration deadline, Limits limits, BooleanSupplier flowing, Runnable sent) {
        this.request = request;
        this.deadline = deadline;
        this.bufferLimit = limits.buffer();
        this.assembler = new MessageAssembler(limits.message());
        this.flowing = flowing;
        this.sent = sent;
    }

    /// The answer's messages, for one subscriber. It completes only after the relay's FIN and fails with [Refused]
    /// otherwise; cancelling it cancels the request.
    Flux<Message> answer() {
        return messages.asFlux()
                .doOnNext(message -> buffered.addAndGet(-message.content().length))
                .doOnCancel(this::cancel);
    }

    private void cancel() {
        cancelled.set(true);
        SealedConnection connection = carrier;
        if (connection != null) {
            connection.cancel(this);
        }
    }

    byte[] request() {
        return request;
    }

    Duration deadline() {
        return deadline;
    }

    /// Binds the stream to the connection that is about to carry it; false when nobody wants the answer any more.
    boolean carriedBy(SealedConnection connection) {
        carrier = connection;
        return !cancelled.get();
    }

    /// The request was sent as stream `number`, and `timer` is going to end it.
    void begun(int number, ScheduledFuture<?> timer) {
        this.number = number;
        this.timer = timer;
        sent.run();
    }

    /// Zero while nothing was sent.
    int number() {
        return number;
    }

    /// Takes one chunk; the failure, if the stream cannot go on.
    Optional<Failure> receive(Received.Delivered chunk) {
        try {
            return assembler.add(chunk).flatMap(this::emit);
        } catch (ContentTooLarge _) {
            return Optional.of(Failure.ANSWER_TOO_LARGE);
        }
    }

    private Optional<Failure> emit(Message message) {
        int length = message.content().length;
        long before = buffered.getAndAdd(length);
        if (before > 0 && before + length > bufferLimit) {
            return Optional.of(flowing.getAsBoolean() ? Failure.READER_TOO_SLOW : Failure.ANSWER_WITHHELD);
        }
        messages.tryEmitNext(message);
        return Optional.empty();
    }

    void complete() {
        stopTimer();
        messages.tryEmitComplete();
    }

    void fail(Failure failure) {
        fail(new Refused(failure));
    }

    void fail(Refused refused) {
        stopTimer();
        messages.tryEmitError(refused);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
