package dev.postern.trust;

import dev.postern.token.IdentityTrust;
import dev.postern.token.IdentityVerifier;
import dev.postern.token.TokenRejected;
import dev.postern.trust.FeedRefused.Reason;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// One publisher's feed as one follower hears it: verifies, keeps the order, remembers when it last heard something
/// that counts. No I/O. Thread-safe.
///
/// A message counts as heard when it is the next one (or a snapshot straight from the publisher) and was signed at a
/// time like ours. So neither what is repeated nor what is left out keeps a follower current.
final class FeedReader {
    /// A snapshot in Redis is renewed every five seconds by somebody.
    private static final Duration OLDEST_STORED = Duration.ofMinutes(1);

    private final URI publisher;
    private final Predicate<TrustChange> allowed;
    private final IdentityVerifier entries;
    private final IdentityVerifier snapshots;
    private final TrustBoard board;
    private final Duration skew;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<Reason, AtomicLong> refusals = new EnumMap<>(Reason.class);
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong fromSnapshots = new AtomicLong();

    private volatile FeedPosition position = FeedPosition.START;
    /// The place a snapshot must reach before entries make sense again.
    private volatile FeedPosition needed = FeedPosition.START;
    private volatile boolean everHeard;
    private volatile long heardAt;
    private volatile long streamHeardAt;
    private volatile long lagMillis;

    FeedReader(
            URI publisher,
            Predicate<TrustChange> allowed,
            IdentityTrust trust,
            TrustBoard board,
            Duration skew,
            Clock clock,
            LongSupplier nanoTime) {
        this.publisher = publisher;
        this.allowed = allowed;
        this.entries = new IdentityVerifier(FeedMessage.ENTRY, publisher, trust, clock, FeedMessage.MAX_ENTRY_LENGTH);
        this.snapshots =
                new IdentityVerifier(FeedMessage.SNAPSHOT, publisher, trust, clock, FeedMessage.MAX_SNAPSHOT_LENGTH);
        this.board = board;
        this.skew = skew;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.heardAt = nanoTime.getAsLong();
        this.streamHeardAt = heardAt;
        for (Reason reason : Reason.values()) {
            refusals.put(reason, new AtomicLong());
        }
    }

    /// Takes the next entry of the stream.
    ///
    /// @throws FeedRefused `GAP` when a snapshot is needed first; other reasons when it is nothing to listen to
    synchronized void entry(String signed) throws FeedRefused {
        try {
            FeedMessage message = read(entries, signed);
            requireNext(message.position());
            apply(message);
            position = message.position();
            if (isOfOurTime(message.issuedAt())) {
                heard(message.issuedAt());
                streamHeardAt = heardAt;
            } else {
                count(Reason.OUT_OF_TIME);
            }
        } catch (FeedRefused refused) {
            count(refused.reason());
            throw refused;
        }
    }

    private void requireNext(FeedPosition there) throws FeedRefused {
        if (there.generation() < position.generation()) {
            throw new FeedRefused(Reason.ROLLED_BACK);
        }
        if (there.compareTo(position) <= 0) {
            throw new FeedRefused(Reason.REPLAYED);
        }
        if (!there.equals(position.next())) {
            FeedPosition before = new FeedPosition(there.generation(), Math.max(0, there.seq() - 1));
            // Never further back than what was missed before: an old entry must not make the follower content.
            needed = needed.isBefore(before) ? before : needed;
            throw new FeedRefused(Reason.GAP);
        }
    }

    /// Takes the snapshot that lies in Redis: it says where to read on, and is never news by itself.
    synchronized void storedSnapshot(String signed) throws FeedRefused {
        try {
            FeedMessage message = read(snapshots, signed);
            if (message.position().generation() < position.generation()) {
                throw new FeedRefused(Reason.ROLLED_BACK);
            }
            if (Duration.between(message.issuedAt(), clock.instant()).abs().compareTo(OLDEST_STORED) > 0) {
                throw new FeedRefused(Reason.OUT_OF_TIME);
            }
            apply(message);
            moveTo(message.position());
        } catch (FeedRefused refused) {
            count(refused.reason());
            throw refused;
        }
    }

    /// Takes a snapshot that the publisher itself just gave, over a connection that proved who it is. It counts as
    /// heard, however far its replica has read the stream.
    synchronized void freshSnapshot(String signed) throws FeedRefused {
        try {
            FeedMessage message = read(snapshots, signed);
            if (!isOfOurTime(message.issuedAt())) {
                throw new FeedRefused(Reason.OUT_OF_TIME);
            }
            apply(message);
            moveTo(message.position());
            heard(message.issuedAt());
            fromSnapshots.incrementAndGet();
        } catch (FeedRefused refused) {
            count(refused.reason());
            throw refused;
        }
    }

    private FeedMessage read(IdentityVerifier verifier, String signed) throws FeedRefused {
        byte[] payload;
        try {
            payload = verifier.verify(signed);
        } catch (TokenRejected _) {
            throw new FeedRefused(Reason.FORGED);
        }
        FeedMessage message = FeedCodec.decode(payload);
        if (!message.publisher().equals(publisher)) {
            throw new FeedRefused(Reason.FORGED);
        }
        if (!message.changes().stream().allMatch(allowed)) {
            throw new FeedRefused(Reason.NOT_ALLOWED);
        }
        return message;
    }

    private void apply(FeedMessage message) throws FeedRefused {
        try {
            board.apply(message.changes());
            changes.addAndGet(message.changes().size());
        } catch (TrustView.ViewFull _) {
            throw new FeedRefused(Reason.FULL);
        }
    }

    private void moveTo(FeedPosition there) {
        if (position.isBefore(there)) {
            position = there;
        }
    }

    private void heard(Instant issuedAt) {
        lagMillis = Duration.between(issuedAt, clock.instant()).toMillis();
        heardAt = nanoTime.getAsLong();
        everHeard = true;
    }

    private boolean isOfOurTime(Instant issuedAt) {
        return Duration.between(issuedAt, clock.instant()).abs().compareTo(skew) <= 0;
    }

    void count(Reason reason) {
        AtomicLong counter = refusals.get(reason);
        if (counter != null) {
            counter.incrementAndGet();
        }
    }

    /// Whether a snapshot must be read before entries of the stream make sense.
    boolean isLost() {
        FeedPosition here = position;
        return here.equals(FeedPosition.START) || here.isBefore(needed);
    }

    FeedPosition position() {
        return position;
    }

    boolean heardWithin(Duration time) {
        return everHeard && nanoTime.getAsLong() - heardAt <= time.toNanos();
    }

    boolean streamHeardWithin(Duration time) {
        return nanoTime.getAsLong() - streamHeardAt <= time.toNanos();
    }

    FollowerState state(boolean current, int revocations) {
        FeedPosition here = position;
        Map<Reason, Long> counted = new EnumMap<>(Reason.class);
        refusals.forEach((reason, counter) -> counted.put(reason, counter.get()));
        return new FollowerState(
                current,
                everHeard ? (nanoTime.getAsLong() - heardAt) / 1_000_000 : -1,
                lagMillis,
                here.generation(),
                here.seq(),
                changes.get(),
                revocations,
                fromSnapshots.get(),
                counted);
    }
}
