package dev.postern.relay.session;

import dev.postern.relay.admission.Admitted;
import dev.postern.relay.exchange.RequestContext;
import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import dev.postern.relay.request.Caller;
import dev.postern.relay.request.Operation;
import dev.postern.relay.request.RelayRequest;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.session.DropReason;
import dev.postern.session.Received;
import dev.postern.session.SealedSession;
import dev.postern.session.SessionUnusable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One sealed session on its connection: opens frames, assembles requests, has them served, seals answers.
///
/// Confined to the connection's event loop, but for the methods that say `Any thread`. A frame that is not authentic,
/// not new or not in order is counted, audited and otherwise ignored: the session lives on.
public final class RelaySession {
    private static final Logger LOG = LoggerFactory.getLogger(RelaySession.class);
    private static final String UNREAD = "unread";
    /// No clock is so far off that a session outlives what Redis knows of it.
    private static final Duration FORGET = Duration.ofMinutes(5);

    private final Sessions services;
    private final Admitted admitted;
    private final SealedSession sealed;
    private final ScheduledExecutorService loop;
    private final SessionChannel channel;
    private final SharedWindow shared;
    private final Arrivals arrivals;
    private final SessionRights rights;
    private final Serving serving;
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
        this.arrivals = new Arrivals(services.properties(), services.held(), services.nanoTime());
        this.rights = new SessionRights(admitted, services.trust(), services.policy(), services.clock());
        this.serving = new Serving(this, services, admitted, loop);
        this.shared = new SharedWindow(
                services.replays(),
                sealed.id().toString(),
                sealed.terms().windowBits(),
                Duration.between(services.clock().instant(), sealed.terms().expires())
                        .plus(FORGET),
                services.properties().withoutStore(),
                services.held(),
                loop,
                services.nanoTime(),
                new Taken());
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
                if (!shared.take(chunk)) {
                    refuse(chunk.stream(), UNREAD, Failure.of(FailureCode.OVERLOADED));
                }
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
        try {
            Optional<byte[]> whole = arrivals.add(chunk);
            if (whole.isPresent()) {
                serve(chunk.stream(), whole.get());
            }
        } catch (RequestRefused refused) {
            refuse(chunk.stream(), UNREAD, refused.failure());
        }
    }

    private void serve(int stream, byte[] document) throws RequestRefused {
        if (draining) {
            throw new RequestRefused(FailureCode.OVERLOADED);
        }
        RelayRequest request = services.parser().parse(document);
        RequestContext context = new RequestContext(
                request, rights.caller(request), SessionAccounts.sessionId(admitted), rights::mayUse);
        Optional<FailureCode> denied = rights.denied(context);
        if (denied.isPresent()) {
            refuse(stream, request.operation().path(), Failure.of(denied.get()));
            return;
        }
        if (request.operation() == Operation.ECHO && request.body().length > Echo.MOST_BYTES) {
            throw new RequestRefused(FailureCode.TOO_LARGE);
        }
        serving.begin(stream, context);
    }

    void refuse(int stream, String operation, Failure failure) {
        services.accounts().requestRefused(admitted, operation, failure);
        sealError(stream, failure);
    }

    private void cancel(int stream) {
        arrivals.forget(stream);
        serving.abandon(stream, FailureCode.CANCELLED);
        endIfDrained();
    }

    /// The connection takes data again.
    public void writable() {
        serving.resume();
    }

    /// Looks again whether its token and its callers still count. Any thread.
    void recheck() {
        onLoop(() -> {
            if (over) {
                return;
            }
            if (rights.isTakenBack()) {
                end(SessionEnd.REVOKED);
                return;
            }
            serving.end(rights::isTakenBack);
            endIfDrained();
        });
    }

    /// The trust feed is heard again: what was held back goes out. Any thread.
    void thaw() {
        onLoop(serving::release);
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
                serving.release();
                // Time is a fact of policy, too.
                serving.end(rights::isTakenBack);
                endIfDrained();
            }
            case IDLE -> end(SessionEnd.IDLE);
            case EXPIRED -> end(SessionEnd.EXPIRED);
            case NEVER_CONFIRMED -> end(SessionEnd.NEVER_CONFIRMED);
            case CLOSED -> end(SessionEnd.CLIENT_CLOSED);
        }
    }

    private void dropStalledRequests() {
        for (int stream : arrivals.forgetStalled()) {
            refuse(stream, UNREAD, Failure.of(FailureCode.BAD_REQUEST));
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

    /// Ends as if its token had been taken back, which is about to happen. Any thread.
    void contain() {
        onLoop(() -> end(SessionEnd.REVOKED));
    }

    /// Ends because the relay key that began it is compromised. Any thread.
    void keyCompromised() {
        onLoop(() -> end(SessionEnd.KEY_COMPROMISED));
    }

    /// The relay key that its OPEN was sealed to. Any thread.
    String keyId() {
        return admitted.keyId();
    }

    void onLoop(Runnable step) {
        try {
            loop.execute(step);
        } catch (RejectedExecutionException _) {
            // The loop is gone, and with it the connection and the session.
        }
    }

    private void endIfDrained() {
        if (draining && shared.isEmpty() && serving.isEmpty() && arrivals.isEmpty()) {
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
            serving.abandonAll(FailureCode.CANCELLED);
            for (byte[] frame : sealed.sealClose(reason.reason())) {
                channel.write(frame);
            }
            services.accounts().closed(admitted, reason, framesOpened, framesRejected);
        } finally {
            // Whatever failed above: the keys go, the place is free again, the connection ends.
            shared.close();
            arrivals.forgetAll();
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

    void seal(int stream, byte[] content, ContentType type, Chunk chunk) {
        sealing(() -> sealed.seal(stream, content, type, chunk));
    }

    void sealError(int stream, Failure failure) {
        sealing(() -> sealed.sealError(stream, failure.toStreamProblem()));
    }

    /// The answer of a stream is whole, or will never be.
    void answered(int stream) {
        var _ = serving.done(stream);
        endIfDrained();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    boolean isTrustCurrent() {
        return services.trust().current();
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
                // A relay begins an epoch before the frame that would be one too many.
                case FRAME_LIMIT -> end(SessionEnd.FAILED);
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

    /// What becomes of frames once all replicas know of them.
    private final class Taken implements SharedWindow.Outcome {
        @Override
        public void pass(Received.Delivered chunk) {
            // Its stream may have been refused or cancelled while it waited.
            if (!over && sealed.isOpen(chunk.stream())) {
                deliver(chunk);
            }
        }

        @Override
        public void replayed() {
            if (!over) {
                framesRejected++;
                services.accounts().frameRejected(DropReason.DUPLICATE, admitted);
            }
        }

        @Override
        public void renew() {
            sealing(sealed::updateKeys);
        }

        @Override
        public void fenced() {
            end(SessionEnd.FENCED);
        }

        @Override
        public void storeLost() {
            end(SessionEnd.STORE_LOST);
        }

        @Override
        public void settled() {
            endIfDrained();
        }

        @Override
        public void failed(RuntimeException bug) {
            LOG.error("session failed by a bug", bug);
            end(SessionEnd.FAILED);
        }
    }
}
