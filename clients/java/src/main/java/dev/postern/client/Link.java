package dev.postern.client;

import dev.postern.session.Chunk;
import dev.postern.session.ContentTooLarge;
import dev.postern.session.ContentType;
import dev.postern.session.Received;
import dev.postern.session.RelayPublicKey;
import dev.postern.session.SealedSession;
import dev.postern.session.SessionUnusable;
import dev.postern.session.StreamProblem;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One live session on its WebSocket, shared by many requests.
///
/// Safe for many threads: `lock` guards the session, the inboxes and what is being sent, is taken before any inbox's
/// own, and is never held while waiting. A frame is sealed only when the one before it has gone out, so that it never
/// waits until its keys are old; CLOSE alone is sealed at once, because nothing comes after it.
final class Link implements FrameSocket.Receiver {
    /// Less than what fits into a frame, and divisible.
    private static final int PART = 16_000;

    private static final String EFFECT_UNKNOWN = "effect-unknown";
    private static final StreamProblem TOO_LARGE =
            new StreamProblem("too-large", 413, "The answer is longer than this client takes.");

    private final ReentrantLock lock = new ReentrantLock();
    private final SealedSession session;
    private final RelayPublicKey key;
    private final String relayId;
    private final WebSocket socket;
    private final Instant ends;
    private final Instant renewal;
    private final Settings settings;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Map<Integer, Inbox> inboxes = new HashMap<>();
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
    private Instant lastUsed;
    private boolean retired;
    private @Nullable Inbox holdingUp;
    private int holdUps;
    private @Nullable PosternFailure over;

    /// @param ends when it can no longer be used, by `clock`
    Link(
            SealedSession session,
            RelayPublicKey key,
            String relayId,
            WebSocket socket,
            Instant ends,
            Settings settings,
            Clock clock,
            ScheduledExecutorService timer) {
        this.session = session;
        this.key = key;
        this.relayId = relayId;
        this.socket = socket;
        this.ends = ends;
        Duration life = Duration.between(clock.instant(), ends);
        // Not at once, however short its life is.
        Duration ahead = settings.ahead().compareTo(life.dividedBy(4)) < 0 ? settings.ahead() : life.dividedBy(4);
        this.renewal = ends.minus(ahead);
        this.settings = settings;
        this.clock = clock;
        this.timer = timer;
        this.lastUsed = clock.instant();
    }

    /// Whether a request may begin here. A session that the relay is about to end for idleness counts no more.
    boolean usable() {
        lock.lock();
        try {
            Instant now = clock.instant();
            Duration idle = session.terms().idle();
            Duration margin = idle.dividedBy(4);
            boolean idling = inboxes.isEmpty() && !now.isBefore(lastUsed.plus(idle.minus(margin)));
            return over == null && !retired && now.isBefore(ends) && !idling;
        } finally {
            lock.unlock();
        }
    }

    /// How long a relay remembers a request after it arrived.
    Duration remembers() {
        return session.terms().idempotency();
    }

    SessionInfo info() {
        lock.lock();
        try {
            return new SessionInfo(session.id().toString(), key.suite(), session.epoch(), relayId, ends);
        } finally {
            lock.unlock();
        }
    }

    /// Whether it is time for a successor.
    boolean ending() {
        return !clock.instant().isBefore(renewal);
    }

    /// Sends a request whose answer goes to `inbox`; returns its stream.
    int begin(Inbox inbox, byte[] document, Deadline deadline) throws PosternFailure, InterruptedException {
        int stream = 0;
        try {
            int from = 0;
            do {
                int to = Math.min(from + PART, document.length);
                stream = part(stream, inbox, document, from, to, deadline);
                from = to;
            } while (from < document.length);
            return stream;
        } catch (PosternFailure | InterruptedException e) {
            if (stream != 0) {
                cancel(stream, StreamProblem.CANCELLED);
            }
            throw e;
        }
    }

    /// A stream begins with its first frame, because a relay takes rising numbers only.
    private int part(int begun, Inbox inbox, byte[] document, int from, int to, Deadline deadline)
            throws PosternFailure, InterruptedException {
        while (true) {
            awaitSent(deadline);
            lock.lock();
            try {
                requireLive();
                if (sending.isDone()) {
                    int stream = begun == 0 ? session.openStream() : begun;
                    inboxes.put(stream, inbox);
                    boolean last = to == document.length;
                    byte[] content = Arrays.copyOfRange(document, from, to);
                    ContentType type = last ? ContentType.JSON : ContentType.BYTES;
                    List<byte[]> frames = session.seal(stream, content, type, last ? Chunk.LAST : Chunk.MORE);
                    inbox.sending();
                    send(frames);
                    return stream;
                }
            } catch (SessionUnusable unusable) {
                throw failure(unusable, inbox);
            } finally {
                lock.unlock();
            }
        }
    }

    private void awaitSent(Deadline deadline) throws PosternFailure, InterruptedException {
        CompletableFuture<?> previous;
        lock.lock();
        try {
            previous = sending;
        } finally {
            lock.unlock();
        }
        try {
            var _ = previous.get(Math.max(0, deadline.left()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new PosternFailure.TimedOut();
        } catch (ExecutionException _) {
            closed(SocketClosed.BROKEN);
        }
    }

    private void requireLive() throws PosternFailure {
        if (over != null) {
            throw over;
        }
    }

    private PosternFailure failure(SessionUnusable unusable, Inbox inbox) {
        inboxes.values().remove(inbox);
        Optional<PosternFailure> refused = inbox.failure();
        if (refused.isPresent()) {
            // The relay has ended the stream before it had the whole request.
            return refused.get();
        }
        return switch (unusable.reason()) {
            case STREAM_LIMIT, FRAME_LIMIT -> new PosternFailure.Unavailable();
            case CLOSED, EXPIRED, STREAM_ENDED -> new PosternFailure.SessionLost();
        };
    }

    private void send(List<byte[]> frames) {
        for (byte[] frame : frames) {
            sending = sending.thenCompose(_ -> socket.sendBinary(ByteBuffer.wrap(frame), true));
        }
        lastUsed = clock.instant();
    }

    /// Runs on whichever thread has sent what stood before it.
    private CompletionStage<?> sendError(int stream, StreamProblem why) {
        lock.lock();
        try {
            CompletionStage<?> sent = CompletableFuture.completedFuture(null);
            if (over == null && session.isOpen(stream)) {
                for (byte[] frame : session.sealError(stream, why)) {
                    sent = sent.thenCompose(_ -> socket.sendBinary(ByteBuffer.wrap(frame), true));
                }
            }
            return sent;
        } catch (SessionUnusable _) {
            // the session is over, and the request with it
            return CompletableFuture.completedFuture(null);
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more of an answer, and says so to the relay if it can.
    void cancel(int stream, StreamProblem why) {
        lock.lock();
        try {
            Inbox inbox = inboxes.remove(stream);
            if (inbox != null) {
                drained(inbox);
                sending = sending.thenCompose(_ -> sendError(stream, why));
                closeIfDone();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean message(byte[] frame) {
        lock.lock();
        try {
            if (over != null) {
                return false;
            }
            return switch (session.receive(frame)) {
                case Received.Delivered chunk -> deliver(chunk);
                case Received.StreamError(int stream, StreamProblem problem) -> {
                    refused(stream, problem);
                    yield true;
                }
                case Received.Closed closed -> {
                    end(said(closed.reason()));
                    yield false;
                }
                // What is not the relay's must not be able to end a session.
                case Received.KeyUpdated _, Received.Dropped _ -> true;
            };
        } finally {
            lock.unlock();
        }
    }

    private boolean deliver(Received.Delivered chunk) {
        Inbox inbox = inboxes.get(chunk.stream());
        if (inbox == null) {
            return true;
        }
        lastUsed = clock.instant();
        try {
            if (inbox.add(chunk)) {
                inboxes.remove(chunk.stream());
                closeIfDone();
                return true;
            }
        } catch (ContentTooLarge _) {
            inbox.fail(new PosternFailure.Refused(TOO_LARGE.code(), TOO_LARGE.status(), TOO_LARGE.title()));
            cancel(chunk.stream(), TOO_LARGE);
            return true;
        }
        if (!inbox.full()) {
            return true;
        }
        holdingUp = inbox;
        int thisOne = ++holdUps;
        var _ = timer.schedule(
                () -> stalled(chunk.stream(), inbox, thisOne), settings.stall().toNanos(), TimeUnit.NANOSECONDS);
        return false;
    }

    private void stalled(int stream, Inbox inbox, int since) {
        lock.lock();
        try {
            if (holdingUp == inbox && holdUps == since) {
                inbox.fail(new PosternFailure.ReadTooSlowly());
                cancel(stream, StreamProblem.CANCELLED);
            }
        } finally {
            lock.unlock();
        }
    }

    /// The inbox has room again, or needs none.
    void drained(Inbox inbox) {
        lock.lock();
        try {
            if (holdingUp == inbox) {
                holdingUp = null;
                socket.request(1);
            }
        } finally {
            lock.unlock();
        }
    }

    private void refused(int stream, StreamProblem problem) {
        if (stream == 0) {
            end(new PosternFailure.SessionLost());
            return;
        }
        Inbox inbox = inboxes.remove(stream);
        if (inbox != null) {
            inbox.fail(
                    problem.code().equals(EFFECT_UNKNOWN)
                            ? new PosternFailure.EffectUnknown()
                            : new PosternFailure.Refused(problem.code(), problem.status(), problem.title()));
            closeIfDone();
        }
    }

    /// The reason in CLOSE, which the relay alone can have written.
    private static PosternFailure said(String reason) {
        return switch (reason) {
            case "revoked" -> PosternFailure.Forbidden.byTheRelay();
            case "frame-limit" -> new PosternFailure.Unavailable();
            default -> new PosternFailure.SessionLost();
        };
    }

    @Override
    public void closed(SocketClosed how) {
        lock.lock();
        try {
            end(how.failure());
        } finally {
            lock.unlock();
        }
    }

    private void end(PosternFailure why) {
        if (over == null) {
            over = why;
            holdingUp = null;
            session.close();
            inboxes.values().forEach(inbox -> inbox.fail(why));
            inboxes.clear();
            hangUp();
        }
    }

    boolean isOver() {
        lock.lock();
        try {
            return over != null;
        } finally {
            lock.unlock();
        }
    }

    /// Lets the requests that are under way end, and then the session.
    void retire() {
        lock.lock();
        try {
            retired = true;
            closeIfDone();
        } finally {
            lock.unlock();
        }
    }

    private void closeIfDone() {
        if (retired && inboxes.isEmpty()) {
            close();
        }
    }

    /// Ends the session in good order; what is under way is lost.
    void close() {
        lock.lock();
        try {
            if (over == null) {
                send(session.sealClose("done"));
                end(new PosternFailure.SessionLost());
            }
        } finally {
            lock.unlock();
        }
    }

    private void hangUp() {
        var _ = sending.thenCompose(_ -> socket.sendClose(WebSocket.NORMAL_CLOSURE, ""))
                .orTimeout(settings.patience().toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((_, _) -> socket.abort());
    }
}
