package dev.postern.relay.session;

import dev.postern.relay.admission.Admitted;
import dev.postern.relay.exchange.ActiveRequest;
import dev.postern.relay.exchange.AnswerSink;
import dev.postern.relay.exchange.RequestContext;
import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import dev.postern.relay.request.Caller;
import dev.postern.relay.request.RelayRequest;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.session.DropReason;
import dev.postern.session.Received;
import dev.postern.session.SealedSession;
import dev.postern.session.SessionUnusable;
import dev.postern.token.TrustState.Standing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One sealed session on its connection: opens frames, assembles requests, has them served, seals answers.
///
/// Confined to the connection's event loop, but for the methods that say `Any thread`. A frame that is not authentic,
/// not new or not in order is counted, audited and otherwise ignored: the session lives on.
public final class RelaySession {
    private static final byte[] EMPTY = {};
    private static final String UNREAD = "unread";

    private final Sessions services;
    private final Admitted admitted;
    private final SealedSession sealed;
    private final ScheduledExecutorService loop;
    private final SessionChannel channel;
    private final Map<Integer, RequestAssembly> arriving = new HashMap<>();
    private final Map<Integer, Answer> serving = new HashMap<>();
    private final Instant begun;

    private @Nullable ScheduledFuture<?> ticking;
    private @Nullable ScheduledFuture<?> expiry;
    private long framesOpened;
    private long framesRejected;
    private boolean draining;
    private boolean over;

    RelaySession(Sessions services, Admitted admitted, ScheduledExecutorService loop, SessionChannel channel) {
        this.services = services;
        this.admitted = admitted;
        this.sealed = admitted.accepted().session();
        this.loop = loop;
        this.channel = channel;
        this.begun = services.clock().instant();
    }

    void start() {
        ticking = loop.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
        Duration left =
                Duration.between(services.clock().instant(), sealed.terms().expires());
        expiry = loop.schedule(() -> end(SessionEnd.EXPIRED), Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
    }

    /// Takes one binary message of the client.
    public void receive(ByteBuffer frame) {
        if (over) {
            return;
        }
        long before = services.nanoTime().getAsLong();
        Received received = sealed.receive(frame);
        services.accounts().frameOpened(services.nanoTime().getAsLong() - before);
        switch (received) {
            case Received.Dropped(DropReason reason) -> {
                framesRejected++;
                services.accounts().frameRejected(reason, admitted);
            }
            case Received.Delivered chunk -> {
                framesOpened++;
                deliver(chunk);
            }
            case Received.StreamError(int stream, var _) -> {
                framesOpened++;
                cancel(stream);
            }
            case Received.Closed _ -> end(SessionEnd.CLIENT_CLOSED);
            // Only a relay updates keys; the library never reports this to one.
            case Received.KeyUpdated _ -> {}
        }
        if (!over) {
            write(sealed.due());
        }
    }

    private void deliver(Received.Delivered chunk) {
        int stream = chunk.stream();
        RequestAssembly assembly = arriving.computeIfAbsent(
                stream,
                _ -> new RequestAssembly(
                        services.properties().maxRequestBytes(),
                        services.arrivals(),
                        services.nanoTime().getAsLong()));
        try {
            Optional<byte[]> whole = assembly.add(chunk);
            if (whole.isPresent()) {
                forgetArriving(stream);
                serve(stream, whole.get());
            } else if (arrivingBytes() > services.properties().maxAssemblyBytes()) {
                throw new RequestRefused(FailureCode.OVERLOADED);
            }
        } catch (RequestRefused refused) {
            forgetArriving(stream);
            refuse(stream, UNREAD, refused.failure());
        }
    }

    private void forgetArriving(int stream) {
        RequestAssembly assembly = arriving.remove(stream);
        if (assembly != null) {
            assembly.release();
        }
    }

    private long arrivingBytes() {
        long sum = 0;
        for (RequestAssembly assembly : arriving.values()) {
            sum += assembly.bytes();
        }
        return sum;
    }

    private void serve(int stream, byte[] document) throws RequestRefused {
        if (draining) {
            throw new RequestRefused(FailureCode.OVERLOADED);
        }
        RelayRequest request = services.parser().parse(document);
        Caller caller = caller(request);
        Instant now = services.clock().instant();
        if (!now.isBefore(caller.expiresAt())) {
            refuse(stream, request.operation().path(), Failure.of(FailureCode.TOKEN_EXPIRED));
            return;
        }
        Standing standing = services.trust().standingOf(caller);
        if (standing == Standing.UNKNOWN) {
            refuse(stream, request.operation().path(), Failure.of(FailureCode.REVOCATION_UNAVAILABLE));
            return;
        }
        if (standing != Standing.TRUSTED || !caller.mayInvoke(now) || !mayUse(request)) {
            refuse(stream, request.operation().path(), Failure.of(FailureCode.FORBIDDEN));
            return;
        }
        RequestContext context = new RequestContext(request, caller, SessionAccounts.sessionId(admitted));
        Answer answer = new Answer(stream, request.streamed(), caller);
        answer.active = services.exchanges().begin(context, loop, answer);
        if (!answer.over && !over) {
            serving.put(stream, answer);
        }
    }

    /// A delegating session speaks for the caller it names; any other speaks for itself, whatever it names.
    private Caller caller(RelayRequest request) {
        return admitted.mayDelegate() ? request.claimed().orElse(admitted.self()) : admitted.self();
    }

    private boolean mayUse(RelayRequest request) {
        return admitted.models().isEmpty()
                || request.model().map(admitted.models()::contains).orElse(true);
    }

    private void refuse(int stream, String operation, Failure failure) {
        services.accounts().requestRefused(admitted, operation, failure);
        sealing(() -> sealed.sealError(stream, failure.toStreamProblem()));
    }

    private void cancel(int stream) {
        forgetArriving(stream);
        abandon(stream, FailureCode.CANCELLED);
    }

    private void abandon(int stream, FailureCode why) {
        Answer answer = serving.remove(stream);
        if (answer != null) {
            answer.abandon(why);
            endIfDrained();
        }
    }

    /// The connection takes data again.
    public void writable() {
        for (Answer answer : List.copyOf(serving.values())) {
            if (!channel.isWritable()) {
                return;
            }
            answer.resume();
        }
    }

    /// Looks again whether its token and its callers still count. Any thread.
    void recheck() {
        onLoop(() -> {
            if (over) {
                return;
            }
            if (isTakenBack(admitted.self())) {
                end(SessionEnd.REVOKED);
                return;
            }
            for (Map.Entry<Integer, Answer> entry : List.copyOf(serving.entrySet())) {
                if (isTakenBack(entry.getValue().caller)) {
                    sealing(() -> sealed.sealError(
                            entry.getKey(), Failure.of(FailureCode.FORBIDDEN).toStreamProblem()));
                    abandon(entry.getKey(), FailureCode.FORBIDDEN);
                }
            }
        });
    }

    private boolean isTakenBack(Caller caller) {
        return switch (services.trust().standingOf(caller)) {
            case REVOKED, OUTDATED -> true;
            // Not taken back by what is known; what leaves is held back meanwhile.
            case TRUSTED, UNKNOWN -> false;
        };
    }

    /// The trust feed is heard again: what was held back goes out. Any thread.
    void thaw() {
        onLoop(this::releaseHeld);
    }

    private void releaseHeld() {
        for (Answer answer : List.copyOf(serving.values())) {
            answer.release();
        }
        writable();
    }

    /// The client that its token names. Any thread.
    Caller self() {
        return admitted.self();
    }

    /// Whether its requests may be other callers'. Any thread.
    boolean mayDelegate() {
        return admitted.mayDelegate();
    }

    /// Any thread.
    Instant begun() {
        return begun;
    }

    private void tick() {
        switch (sealed.lifetime()) {
            case LIVE -> {
                write(sealed.due());
                dropStalledRequests();
                // The feed may have been silent too shortly for anybody to be told.
                releaseHeld();
            }
            case IDLE -> end(SessionEnd.IDLE);
            case EXPIRED -> end(SessionEnd.EXPIRED);
            case NEVER_CONFIRMED -> end(SessionEnd.NEVER_CONFIRMED);
            case CLOSED -> end(SessionEnd.CLIENT_CLOSED);
        }
    }

    private void dropStalledRequests() {
        long now = services.nanoTime().getAsLong();
        long limit = services.properties().assemblyTimeout().toNanos();
        for (Map.Entry<Integer, RequestAssembly> entry : List.copyOf(arriving.entrySet())) {
            if (now - entry.getValue().begun() > limit) {
                forgetArriving(entry.getKey());
                refuse(entry.getKey(), UNREAD, Failure.of(FailureCode.BAD_REQUEST));
            }
        }
    }

    /// The connection is gone: nobody waits for anything.
    public void connectionLost() {
        end(SessionEnd.CONNECTION_LOST);
    }

    /// No new requests; the session ends when those in flight are answered. Any thread.
    void drain() {
        onLoop(() -> {
            draining = true;
            endIfDrained();
        });
    }

    /// Ends now. Any thread.
    void shutDown() {
        onLoop(() -> end(SessionEnd.SHUTDOWN));
    }

    private void onLoop(Runnable step) {
        try {
            loop.execute(step);
        } catch (RejectedExecutionException _) {
            // The loop is gone, and with it the connection and the session.
        }
    }

    private void endIfDrained() {
        if (draining && serving.isEmpty() && arriving.isEmpty()) {
            end(SessionEnd.SHUTDOWN);
        }
    }

    private void end(SessionEnd reason) {
        if (over) {
            return;
        }
        over = true;
        stop(ticking);
        stop(expiry);
        try {
            for (Answer answer : List.copyOf(serving.values())) {
                answer.abandon(FailureCode.CANCELLED);
            }
            for (byte[] frame : sealed.sealClose(reason.reason())) {
                channel.write(frame);
            }
            services.accounts().closed(admitted, reason, framesOpened, framesRejected);
        } finally {
            // Whatever failed above: the keys go, the place is free again, the connection ends.
            serving.clear();
            arriving.values().forEach(RequestAssembly::release);
            arriving.clear();
            sealed.close();
            services.ended(this);
            channel.close(reason.closeCode(), reason.closeReason());
        }
    }

    private static void stop(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private interface Sealing {
        List<byte[]> frames();
    }

    private void sealing(Sealing step) {
        if (over) {
            return;
        }
        try {
            write(step.frames());
        } catch (SessionUnusable unusable) {
            switch (unusable.reason()) {
                case CLOSED, EXPIRED -> end(SessionEnd.EXPIRED);
                case FRAME_LIMIT -> end(SessionEnd.FRAME_LIMIT);
                // The client ended the stream while its answer was on the way.
                case STREAM_ENDED, STREAM_LIMIT -> {}
            }
        }
    }

    private void write(List<byte[]> frames) {
        if (!frames.isEmpty()) {
            frames.forEach(channel::write);
            channel.flush();
        }
    }

    /// One stream's way back to the client. While the trust feed is silent its steps wait in order; not many, for the
    /// model is held back as if the client took nothing.
    private final class Answer implements AnswerSink {
        private final int stream;
        private final boolean streamed;
        private final Caller caller;
        private final Queue<Runnable> held = new ArrayDeque<>();
        private @Nullable ActiveRequest active;
        private boolean over;

        Answer(int stream, boolean streamed, Caller caller) {
            this.stream = stream;
            this.streamed = streamed;
            this.caller = caller;
        }

        private void whenTrusted(Runnable step) {
            if (held.isEmpty() && services.trust().current()) {
                step.run();
            } else {
                held.add(step);
            }
        }

        void release() {
            while (!held.isEmpty() && services.trust().current()) {
                held.remove().run();
            }
        }

        void resume() {
            ActiveRequest running = active;
            if (running != null && isWritable()) {
                running.resume();
            }
        }

        /// Nothing more leaves, held back or not.
        void abandon(FailureCode why) {
            held.clear();
            ActiveRequest running = active;
            if (running != null) {
                running.cancel(why);
            }
        }

        @Override
        public void event(byte[] json) {
            whenTrusted(() -> sealing(() -> sealed.seal(stream, json, ContentType.JSON, Chunk.MORE)));
        }

        @Override
        public void document(byte[] json) {
            whenTrusted(() -> sealing(() -> sealed.seal(stream, json, ContentType.JSON, Chunk.LAST)));
        }

        @Override
        public void end() {
            whenTrusted(() -> {
                if (streamed) {
                    sealing(() -> sealed.seal(stream, EMPTY, ContentType.JSON, Chunk.LAST));
                }
                finish();
            });
        }

        @Override
        public void fail(Failure failure) {
            // An error holds no data, and what it ends will not be whole any more.
            held.clear();
            sealing(() -> sealed.sealError(stream, failure.toStreamProblem()));
            finish();
        }

        private void finish() {
            over = true;
            serving.remove(stream);
            endIfDrained();
        }

        @Override
        public boolean isWritable() {
            return channel.isWritable() && held.isEmpty() && services.trust().current();
        }
    }
}
