package dev.postern.gateway.relay;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.session.DropReason;
import dev.postern.session.Received;
import dev.postern.session.SealedSession;
import dev.postern.session.SessionUnusable;
import dev.postern.session.SessionUnusable.Reason;
import dev.postern.session.StreamProblem;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One established sealed session on its socket, shared by many requests as streams.
///
/// Everything belongs to the socket's event loop, but the methods that say otherwise: the session has one writer, so
/// no nonce is ever used twice.
final class SealedConnection {
    private final RelaySocket socket;
    private final SealedSession session;
    private final SessionWindow window;
    private final SessionBooks books;
    private final Map<Integer, RelayStream> streams = new HashMap<>();
    private volatile int load;
    private volatile boolean retired;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private boolean ended;
    private long received;
    private long rejected;

    SealedConnection(RelaySocket socket, SealedSession session, SessionWindow window, SessionBooks books) {
        this.socket = socket;
        this.session = session;
        this.window = window;
        this.books = books;
    }

    /// Streams under way. Any thread.
    int load() {
        return load;
    }

    /// Whether new streams may begin. Any thread.
    boolean usable() {
        return !retired && window.open() && socket.isActive();
    }

    /// Whether another should be opened, before this one takes no more. Any thread.
    boolean ages() {
        return window.ages();
    }

    /// Takes no new streams and closes when the last one has ended. Any thread.
    void retire() {
        if (!retired) {
            retired = true;
            socket.eventLoop().execute(this::closeIfDrained);
        }
    }

    /// Called once, on the event loop, when the session is over. Any thread.
    void onEnd(Runnable listener) {
        var _ = end.thenRun(listener);
    }

    /// Closes at once, in good order; completes when that is done. Any thread.
    CompletableFuture<Void> shutDown() {
        retired = true;
        socket.eventLoop().execute(() -> close("shut-down"));
        return end;
    }

    /// Carries `stream`, or hands it to `unsent` when nothing of it was sent. Any thread.
    void begin(RelayStream stream, Consumer<RelayStream> unsent) {
        EventLoop loop = socket.eventLoop();
        if (loop.inEventLoop()) {
            carry(stream, unsent);
        } else {
            loop.execute(() -> carry(stream, unsent));
        }
    }

    private void carry(RelayStream stream, Consumer<RelayStream> unsent) {
        if (!stream.carriedBy(this)) {
            return;
        }
        if (ended || !usable()) {
            unsent.accept(stream);
        } else if (!socket.isWritable()) {
            stream.fail(Failure.OVERLOADED);
        } else {
            try {
                send(stream);
            } catch (SessionUnusable unusable) {
                refuse(stream, unusable.reason(), unsent);
            }
        }
    }

    private void send(RelayStream stream) {
        int number = session.openStream();
        List<byte[]> frames = session.seal(number, stream.request(), ContentType.JSON, Chunk.LAST);
        ScheduledFuture<?> timer = socket.eventLoop()
                .schedule(
                        () -> abort(stream, Failure.UPSTREAM_TIMEOUT),
                        stream.deadline().toMillis(),
                        TimeUnit.MILLISECONDS);
        streams.put(number, stream);
        load = streams.size();
        window.used();
        socket.send(frames);
        stream.begun(number, timer);
    }

    private void refuse(RelayStream stream, Reason reason, Consumer<RelayStream> unsent) {
        switch (reason) {
            case STREAM_LIMIT -> stream.fail(Failure.OVERLOADED);
            case CLOSED, EXPIRED, FRAME_LIMIT -> {
                retire();
                unsent.accept(stream);
            }
            case STREAM_ENDED -> throw new IllegalStateException("a stream ended before it began");
        }
    }

    /// Nobody wants the answer any more: the relay hears it at once. Any thread.
    void cancel(RelayStream stream) {
        socket.eventLoop().execute(() -> abort(stream, Failure.TOO_SLOW));
    }

    /// Ends a stream from this side: the relay stops working on it, and its reader, if there is one, hears `failure`.
    private void abort(RelayStream stream, Failure failure) {
        if (!streams.remove(stream.number(), stream)) {
            return;
        }
        try {
            socket.send(session.sealError(stream.number(), StreamProblem.CANCELLED));
            window.used();
        } catch (SessionUnusable _) {
            // The session is over, and with it the stream.
        }
        stream.fail(failure);
        settle();
    }

    /// Takes one binary message of the socket.
    void receive(ByteBuffer frame) {
        switch (session.receive(frame)) {
            case Received.Delivered chunk -> {
                received++;
                deliver(chunk);
            }
            case Received.StreamError(int number, StreamProblem problem) ->
                fail(number, RelayProblems.refused(problem));
            case Received.KeyUpdated _ -> {}
            case Received.Closed closed -> end(closed.complete() ? "relay-closed" : "relay-closed-early");
            case Received.Dropped(DropReason reason) -> {
                rejected++;
                books.dropped(session.id(), reason);
            }
        }
    }

    private void deliver(Received.Delivered chunk) {
        RelayStream stream = streams.get(chunk.stream());
        if (stream == null) {
            return;
        }
        stream.receive(chunk).ifPresent(failure -> abort(stream, failure));
        if (chunk.fin() && streams.remove(chunk.stream(), stream)) {
            stream.complete();
            settle();
        }
    }

    private void fail(int number, Refused refused) {
        if (number == 0) {
            end("relay-failed");
            return;
        }
        RelayStream stream = streams.remove(number);
        if (stream != null) {
            stream.fail(refused);
            settle();
        }
    }

    private void settle() {
        load = streams.size();
        closeIfDrained();
    }

    private void closeIfDrained() {
        if (retired && streams.isEmpty()) {
            close("done");
        }
    }

    private void close(String reason) {
        if (!ended) {
            socket.send(session.sealClose(reason));
            end(reason);
        }
    }

    /// The session is over, whoever ended it: what has no end yet was truncated.
    void end(String reason) {
        if (ended) {
            return;
        }
        ended = true;
        retired = true;
        List<RelayStream> truncated = List.copyOf(streams.values());
        streams.clear();
        load = 0;
        session.close();
        socket.close();
        books.closed(session.id(), reason, received, rejected);
        truncated.forEach(stream -> stream.fail(Failure.ANSWER_TRUNCATED));
        end.complete(null);
    }
}
