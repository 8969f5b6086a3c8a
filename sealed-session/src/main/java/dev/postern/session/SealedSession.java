package dev.postern.session;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One end of an established session: seals contents into frames and opens received ones, in the protocol's exact
/// order.
///
/// **Guarantee.** What [#receive] delivers was sealed by the peer for this session, epoch, direction, stream and
/// place, and is delivered once. **No guarantee** that everything sent arrives: a missing FIN or CLOSE is
/// truncation, and the caller must treat it as an error.
///
/// For one thread, an event loop: nothing here is synchronised, and two threads that seal would reuse nonces.
/// Longer than most: the order of its steps is the protocol and reads best in one place.
public final class SealedSession implements AutoCloseable {
    private static final long CONFIRM_MILLIS = 5_000;
    private static final byte[] EMPTY = {};

    private final SessionId id;
    private final Role self;
    private final SessionTerms terms;
    private final Clock clock;
    private final long expiresAt;
    private final long establishedAt;
    private final EpochChain epochs;
    private final StreamTable streams;
    private long lastActiveAt;
    private long framesSent;
    private long framesAccepted;
    private boolean confirmed;
    private boolean revoked;
    private boolean closed;

    /// @param expiresAt the end in milliseconds of this end's own clock
    SealedSession(SessionId id, Role self, Secret firstEpoch, SessionTerms terms, long expiresAt, Clock clock) {
        this.id = id;
        this.self = self;
        this.terms = terms;
        this.clock = clock;
        this.expiresAt = expiresAt;
        this.establishedAt = clock.millis();
        this.lastActiveAt = establishedAt;
        this.epochs = new EpochChain(firstEpoch, self, terms.windowBits(), establishedAt);
        this.streams = new StreamTable(self, terms.maxStreams());
        // A client knows its relay by ACCEPT's finish; a relay waits for the first valid frame.
        this.confirmed = self == Role.CLIENT;
    }

    public SessionId id() {
        return id;
    }

    public Role role() {
        return self;
    }

    public SessionTerms terms() {
        return terms;
    }

    public int epoch() {
        return epochs.current().number();
    }

    /// `commit_n` of the current epoch, for an audit that relies on ciphertexts. Public knowledge.
    public byte[] epochCommitment() {
        return epochs.current().commitment();
    }

    /// Client: begins a request.
    ///
    /// @throws SessionUnusable when the session is over or too many streams are open
    public int openStream() {
        requireUsable(clock.millis());
        return streams.allocate();
    }

    /// Seals a content into frames, to be sent in order: as many as it needs, and before them a key update when one
    /// is due. Every chunk but the last has type BYTES, the last the given one.
    ///
    /// @throws SessionUnusable when the session or the stream is over
    public List<byte[]> seal(int stream, byte[] content, ContentType type, Chunk chunk) {
        long now = clock.millis();
        requireUsable(now);
        List<byte[]> frames = new ArrayList<>(content.length / InnerPlaintext.MAX_CONTENT + 2);
        int from = 0;
        while (content.length - from > InnerPlaintext.MAX_CONTENT) {
            byte[] part = Arrays.copyOfRange(content, from, from + InnerPlaintext.MAX_CONTENT);
            addChunk(frames, now, stream, part, ContentType.BYTES, Chunk.MORE);
            from += InnerPlaintext.MAX_CONTENT;
        }
        byte[] rest = from == 0 ? content : Arrays.copyOfRange(content, from, content.length);
        addChunk(frames, now, stream, rest, type, chunk);
        return frames;
    }

    private void addChunk(List<byte[]> frames, long now, int stream, byte[] content, ContentType type, Chunk chunk) {
        addDueUpdate(frames, now);
        requireFrameLeft();
        int idx = streams.nextToSend(stream, chunk);
        lastActiveAt = now;
        frames.add(sealFrame(FrameType.DATA, chunk, stream, idx, content, type));
    }

    /// Ends a stream with a problem: the relay's refusal, or a client's [StreamProblem#CANCELLED]. The stream is
    /// over at once.
    ///
    /// @throws SessionUnusable when the session or the stream is over
    public List<byte[]> sealError(int stream, StreamProblem problem) {
        long now = clock.millis();
        requireUsable(now);
        if (!streams.abort(stream)) {
            throw new SessionUnusable(SessionUnusable.Reason.STREAM_ENDED);
        }
        List<byte[]> frames = new ArrayList<>(2);
        addDueUpdate(frames, now);
        requireFrameLeft();
        frames.add(sealFrame(FrameType.ERROR, Chunk.MORE, stream, 0, problem.toJson(), ContentType.PROBLEM));
        return frames;
    }

    /// Ends the session in good order and erases its keys. Empty when it is closed already.
    public List<byte[]> sealClose(String reason) {
        if (closed) {
            return List.of();
        }
        byte[] summary = new CloseSummary(reason, streams.count(), framesSent).toJson();
        List<byte[]> frames = List.of(sealFrame(FrameType.CLOSE, Chunk.MORE, 0, 0, summary, ContentType.JSON));
        close();
        return frames;
    }

    /// Frames to send now, without content of their own: a relay's key update when the epoch is over, else nothing.
    /// Call it after a batch of received frames and from a timer.
    public List<byte[]> due() {
        if (closed) {
            return List.of();
        }
        List<byte[]> frames = new ArrayList<>(1);
        addDueUpdate(frames, clock.millis());
        return frames;
    }

    /// Relay: begins a new epoch whatever its age, as a store's failover demands.
    public List<byte[]> updateKeys() {
        if (self != Role.RELAY) {
            throw new IllegalStateException("only a relay updates keys");
        }
        long now = clock.millis();
        requireUsable(now);
        return List.of(sealKeyUpdate(now));
    }

    private void addDueUpdate(List<byte[]> frames, long now) {
        if (self == Role.RELAY && epochs.current().over(terms.epoch(), now)) {
            frames.add(sealKeyUpdate(now));
        }
    }

    private byte[] sealKeyUpdate(long now) {
        byte[] frame = sealFrame(FrameType.KEY_UPDATE, Chunk.MORE, 0, 0, EMPTY, ContentType.BYTES);
        epochs.advance(now);
        return frame;
    }

    private byte[] sealFrame(
            FrameType type, Chunk chunk, int stream, int idx, byte[] content, ContentType contentType) {
        int padded = InnerPlaintext.paddedLength(content.length);
        Epoch epoch = epochs.current();
        long seq = epoch.takeSeq();
        FrameHeader header = new FrameHeader(
                type, chunk == Chunk.LAST, self, id, epoch.number(), seq, stream, idx, padded + FrameHeader.TAG_LENGTH);
        byte[] frame = new byte[FrameHeader.LENGTH + header.length()];
        header.write(ByteBuffer.wrap(frame));
        System.arraycopy(content, 0, frame, FrameHeader.LENGTH, content.length);
        frame[FrameHeader.LENGTH + content.length] = contentType.code();
        epoch.sending().seal(seq, frame);
        framesSent++;
        return frame;
    }

    /// Opens one whole frame: the buffer's remaining octets; its position stays. Never throws for what a peer or an
    /// injector sent.
    public Received receive(ByteBuffer frame) {
        return switch (FrameHeader.parse(frame)) {
            case FrameHeader.Invalid(DropReason reason) -> new Received.Dropped(reason);
            case FrameHeader.Valid(FrameHeader header) -> receive(header, frame);
        };
    }

    /// The same for an array.
    public Received receive(byte[] frame) {
        return receive(ByteBuffer.wrap(frame));
    }

    private Received receive(FrameHeader header, ByteBuffer frame) {
        if (closed) {
            return new Received.Dropped(DropReason.CLOSED);
        }
        if (!header.session().equals(id)) {
            return new Received.Dropped(DropReason.UNKNOWN_SESSION);
        }
        if (header.sender() == self) {
            return new Received.Dropped(DropReason.REFLECTED);
        }
        long now = clock.millis();
        Epoch epoch = epochs.receiving(header.epoch(), now);
        if (epoch == null) {
            boolean past = header.epoch() < epochs.current().number();
            return new Received.Dropped(past ? DropReason.EPOCH_RETIRED : DropReason.UNKNOWN_EPOCH);
        }
        // A relay updates keys in time; a peer that goes on under the old ones is not given more of them.
        if (header.seq() >= terms.epoch().hardMaxFrames()) {
            return new Received.Dropped(DropReason.FRAME_LIMIT);
        }
        DropReason replay = replay(epoch.window().peek(header.seq()));
        if (replay != null) {
            return new Received.Dropped(replay);
        }
        ByteBuffer plaintext = epoch.receiving().open(header.seq(), frame);
        if (plaintext == null) {
            return new Received.Dropped(DropReason.BAD_TAG);
        }
        epoch.window().mark(header.seq());
        epoch.countReceived();
        framesAccepted++;
        lastActiveAt = now;
        confirmed = true;
        InnerPlaintext inner = InnerPlaintext.parse(plaintext);
        if (inner == null) {
            return new Received.Dropped(DropReason.MALFORMED);
        }
        return switch (header.type()) {
            case DATA -> data(header, inner);
            case KEY_UPDATE -> keyUpdate(header, inner, now);
            case CLOSE -> closeBy(inner);
            case ERROR -> error(header, inner);
        };
    }

    private static @Nullable DropReason replay(ReplayWindow.Verdict verdict) {
        return switch (verdict) {
            case FRESH -> null;
            case DUPLICATE -> DropReason.DUPLICATE;
            case TOO_OLD -> DropReason.TOO_OLD;
        };
    }

    private Received data(FrameHeader header, InnerPlaintext inner) {
        Chunk chunk = header.fin() ? Chunk.LAST : Chunk.MORE;
        DropReason refused = streams.receive(header.stream(), header.idx(), chunk);
        if (refused != null) {
            return new Received.Dropped(refused);
        }
        if (revoked) {
            return new Received.Dropped(DropReason.REVOKED);
        }
        return new Received.Delivered(
                header.epoch(), header.seq(), header.stream(), header.idx(), chunk, inner.type(), inner.content());
    }

    private Received keyUpdate(FrameHeader header, InnerPlaintext inner, long now) {
        if (header.epoch() != epochs.current().number() || inner.content().length != 0) {
            return new Received.Dropped(DropReason.MALFORMED);
        }
        epochs.advance(now);
        return new Received.KeyUpdated(epochs.current().number());
    }

    private Received error(FrameHeader header, InnerPlaintext inner) {
        StreamProblem problem;
        try {
            problem = inner.type() == ContentType.PROBLEM ? StreamProblem.parse(inner.content()) : null;
        } catch (MalformedContent _) {
            problem = null;
        }
        if (problem == null) {
            return new Received.Dropped(DropReason.MALFORMED);
        }
        if (header.stream() != 0 && !streams.abort(header.stream())) {
            return new Received.Dropped(DropReason.STREAM_ENDED);
        }
        return new Received.StreamError(header.stream(), problem);
    }

    private Received closeBy(InnerPlaintext inner) {
        CloseSummary summary;
        try {
            summary = CloseSummary.parse(inner.content());
        } catch (MalformedContent _) {
            return new Received.Dropped(DropReason.MALFORMED);
        }
        // The CLOSE itself is counted as accepted, not among the frames it names.
        long missing = Math.max(0, summary.frames() - (framesAccepted - 1));
        List<Integer> truncated = streams.unfinished();
        close();
        return new Received.Closed(summary.reason(), truncated, missing);
    }

    /// The streams whose answer (or, on a relay, whose request) has not ended: truncated if the connection is gone.
    public List<Integer> unfinishedStreams() {
        return streams.unfinished();
    }

    /// Whether a stream is still open in either direction.
    public boolean isOpen(int stream) {
        return streams.isOpen(stream);
    }

    public int openStreams() {
        return streams.openCount();
    }

    /// From now on no DATA is delivered, though it is still authenticated and marked.
    public void revoke() {
        revoked = true;
    }

    /// What the clock says about this session.
    public Lifetime lifetime() {
        long now = clock.millis();
        if (closed) {
            return Lifetime.CLOSED;
        }
        if (now >= expiresAt) {
            return Lifetime.EXPIRED;
        }
        if (!confirmed && now - establishedAt >= CONFIRM_MILLIS) {
            return Lifetime.NEVER_CONFIRMED;
        }
        // A stream that is still answered, or waits for its answer, is no idleness: its own deadline ends it.
        boolean idle =
                streams.openCount() == 0 && now - lastActiveAt >= terms.idle().toMillis();
        return idle ? Lifetime.IDLE : Lifetime.LIVE;
    }

    private void requireUsable(long now) {
        if (closed) {
            throw new SessionUnusable(SessionUnusable.Reason.CLOSED);
        }
        if (now >= expiresAt) {
            throw new SessionUnusable(SessionUnusable.Reason.EXPIRED);
        }
    }

    private void requireFrameLeft() {
        if (epochs.current().sent() >= terms.epoch().hardMaxFrames()) {
            throw new SessionUnusable(SessionUnusable.Reason.FRAME_LIMIT);
        }
    }

    /// Erases the keys. Says nothing to the peer: [#sealClose] does.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            epochs.close();
        }
    }

    @Override
    public String toString() {
        return "SealedSession[" + id + ", " + self + ", epoch " + epoch() + "]";
    }
}
