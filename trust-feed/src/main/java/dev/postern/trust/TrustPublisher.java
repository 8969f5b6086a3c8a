package dev.postern.trust;

import dev.postern.identity.IdentityDocument;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.RedisLink;
import dev.postern.token.IdentityJws;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes a service's changes of trust, signed with its identity. Every replica of the service has one; they share
/// the feed, and one of them ticks.
///
/// Guarantee: what [TrustSource#inForce] holds reaches the feed, handed to [#publish] or not, as long as Redis and one
/// replica live; numbers have no gaps and are given once. When Redis has lost the feed, a new generation begins with a
/// snapshot of the source. While the source cannot be read, ticks go on, and what is published is what was handed over;
/// only a new generation has to wait for it, as nothing in force may be missing from its snapshot.
/// Non-guarantee: exactly once. A change may come again; followers know it then.
///
/// One thread writes and another reads the source; [#publish] only hands over. Thread-safe.
public final class TrustPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrustPublisher.class);
    private static final int MAX_RACES = 64;
    private static final int MAX_OWED = 10_000;
    /// How long a tick waits for the source: much less than a tick's pace.
    private static final Duration PROMPT = Duration.ofMillis(50);

    private record Waiting(List<TrustChange> changes, CompletableFuture<Publication> told) {}

    /// A reading that was begun when the feed ended there.
    private record Read(FeedPosition head, CompletableFuture<List<TrustChange>> inForce) {}

    /// A reading that a new generation waits for.
    private record Beginning(String seenHead, CompletableFuture<List<TrustChange>> inForce) {}

    private record Signed(String jws, long atNanos) {}

    private final TrustSource source;
    private final SourceReader reader;
    private final WorkloadIdentity identity;
    private final RedisLink redis;
    private final PublisherSettings settings;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final FeedRedis feed;
    private final String replica = UUID.randomUUID().toString();
    private final BlockingQueue<Waiting> handedOver = new LinkedBlockingQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong appended = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Object snapshotLock = new Object();

    // The writing thread's own.
    private final ArrayDeque<TrustChange> owed = new ArrayDeque<>();
    private Set<TrustChange> reconciled = new HashSet<>();
    private String reconciledVersion = "";
    private String seenHead = "";
    private long nextTick;
    private long nextReconcile;
    private long nextSnapshot;
    /// The stream does not take what should follow its head: somebody else wrote there.
    private boolean broken;
    private boolean reported;
    private @Nullable CompletableFuture<Optional<SourceReader.Reading>> look;
    private @Nullable Read coming;
    private @Nullable Beginning beginning;

    private volatile FeedPosition head = FeedPosition.START;
    private volatile boolean leads;
    private volatile boolean closed;
    private @Nullable Signed lastSnapshot;
    private @Nullable Thread writer;

    TrustPublisher(
            TrustSource source,
            WorkloadIdentity identity,
            RedisLink redis,
            PublisherSettings settings,
            Clock clock,
            LongSupplier nanoTime) {
        this.source = source;
        this.reader = new SourceReader(source);
        this.identity = identity;
        this.redis = redis;
        this.settings = settings;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.feed = new FeedRedis(identity.current().spiffeId());
        this.nextTick = nanoTime.getAsLong();
        this.nextReconcile = nextTick;
        this.nextSnapshot = nextTick;
    }

    /// Starts ticking and returns at once; nothing of the source is read on the calling thread.
    public static TrustPublisher start(TrustSource source, WorkloadIdentity identity, RedisLink redis, Clock clock) {
        return start(source, identity, redis, PublisherSettings.DEFAULT, clock);
    }

    static TrustPublisher start(
            TrustSource source, WorkloadIdentity identity, RedisLink redis, PublisherSettings settings, Clock clock) {
        TrustPublisher publisher = new TrustPublisher(source, identity, redis, settings, clock, System::nanoTime);
        publisher.writer = Thread.ofPlatform().daemon().name("trust-publisher").start(publisher::writeUntilClosed);
        return publisher;
    }

    /// Puts changes on the feed that the source holds already.
    ///
    /// @return done within a second, and never with a failure: `ON_FEED`, or `PENDING` when Redis did not take
    ///     them; they are kept and tried again
    public CompletableFuture<Publication> publish(List<? extends TrustChange> changes) {
        CompletableFuture<Publication> told = new CompletableFuture<>();
        pending.addAndGet(changes.size());
        handedOver.add(new Waiting(List.copyOf(changes), told));
        return told.completeOnTimeout(Publication.PENDING, settings.patience().toMillis() * 2, TimeUnit.MILLISECONDS);
    }

    /// The source as it is now, signed: for `GET /v1/trust/snapshot`. At most 100 ms old, so that many followers cost
    /// no more than a few.
    ///
    /// @throws RuntimeException as the source does
    public String snapshot() {
        synchronized (snapshotLock) {
            Signed last = lastSnapshot;
            long now = nanoTime.getAsLong();
            if (last == null || now - last.atNanos() > settings.snapshotAge().toNanos()) {
                // The place first: what was published up to there is in the source by then.
                FeedPosition place = head;
                last = new Signed(sign(FeedMessage.SNAPSHOT, place, source.inForce()), now);
                lastSnapshot = last;
            }
            return last.jws();
        }
    }

    public PublisherState state() {
        FeedPosition end = head;
        return new PublisherState(end.generation(), end.seq(), leads, pending.get(), appended.get(), failures.get());
    }

    private void writeUntilClosed() {
        while (!closed) {
            try {
                step();
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    /// Waits for work until the next tick is due, and does both. Only the writing thread and tests call this.
    void step() throws InterruptedException {
        long wait = Math.max(0, nextTick - nanoTime.getAsLong());
        Waiting first = handedOver.poll(wait, TimeUnit.NANOSECONDS);
        List<Waiting> taken = new ArrayList<>();
        if (first != null) {
            taken.add(first);
            handedOver.drainTo(taken);
        }
        taken.forEach(one -> owed.addAll(one.changes()));
        boolean kept = boundOwed();
        try {
            payOwed();
            if (kept) {
                taken.forEach(one -> one.told().complete(Publication.ON_FEED));
            }
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            failed(e);
        } finally {
            taken.forEach(one -> one.told().complete(Publication.PENDING));
        }
        if (nanoTime.getAsLong() - nextTick >= 0) {
            nextTick = nanoTime.getAsLong() + settings.tick().toNanos();
            try {
                tick();
                recovered();
            } catch (ExecutionException | TimeoutException | RuntimeException e) {
                leads = false;
                failed(e);
            }
        }
    }

    private void payOwed() throws InterruptedException, ExecutionException, TimeoutException {
        while (!owed.isEmpty()) {
            List<TrustChange> chunk = nextChunk();
            append(chunk);
            reconciled.addAll(chunk);
            for (int i = 0; i < chunk.size(); i++) {
                owed.removeFirst();
                pending.decrementAndGet();
            }
        }
    }

    /// While Redis is away they must not pile up: the source holds them all.
    ///
    /// @return whether they are all still here
    private boolean boundOwed() {
        if (owed.size() <= MAX_OWED) {
            return true;
        }
        pending.addAndGet(-owed.size());
        owed.clear();
        forgetReconciled();
        return false;
    }

    private void forgetReconciled() {
        reconciled = new HashSet<>();
        reconciledVersion = "";
        // It began with what is forgotten now.
        look = null;
    }

    /// As many as fit an entry; a policy set has one of its own.
    private List<TrustChange> nextChunk() {
        List<TrustChange> chunk = new ArrayList<>();
        for (TrustChange change : owed) {
            boolean large = !(change instanceof Revocation);
            if (chunk.size() == FeedMessage.MAX_CHANGES || (large && !chunk.isEmpty())) {
                break;
            }
            chunk.add(change);
            if (large) {
                break;
            }
        }
        return chunk;
    }

    private void tick() throws InterruptedException, ExecutionException, TimeoutException {
        FeedRedis.Answer answer = get(feed.lead(connection(), replica, settings.lease()));
        adopt(answer.head());
        leads = answer.done();
        if (!leads) {
            coming = null;
            // Whoever leads later compares everything again.
            forgetReconciled();
            return;
        }
        reconcile();
        payOwed();
        append(List.of());
        putSnapshot();
    }

    /// What the source holds and was never published from here: other replicas' changes that they could not publish.
    /// A source that answers at once is heard at once, another one at a later tick.
    private void reconcile() throws InterruptedException {
        boolean due = nanoTime.getAsLong() - nextReconcile >= 0;
        CompletableFuture<Optional<SourceReader.Reading>> looking = look;
        if (looking == null) {
            looking = reader.readUnlessAt(due ? "" : reconciledVersion);
            look = looking;
        }
        try {
            Optional<SourceReader.Reading> read = looking.get(PROMPT.toMillis(), TimeUnit.MILLISECONDS);
            look = null;
            read.ifPresent(this::reconcileWith);
        } catch (TimeoutException _) {
            // Goes on without.
        } catch (ExecutionException e) {
            look = null;
            failed(e);
        }
    }

    private void reconcileWith(SourceReader.Reading read) {
        nextReconcile = nanoTime.getAsLong() + settings.reconcile().toNanos();
        Set<TrustChange> now = new HashSet<>(read.inForce());
        for (TrustChange change : now) {
            if (!reconciled.contains(change)) {
                owed.add(change);
                pending.incrementAndGet();
            }
        }
        reconciled = now;
        reconciledVersion = read.version();
    }

    /// Asks for what the snapshot says when it is due, and stores it as soon as that is known: under the place the feed
    /// had when it was asked for, as what was published up to there is in the source by then.
    private void putSnapshot() throws InterruptedException, ExecutionException, TimeoutException {
        Read asked = coming;
        if (asked == null) {
            if (nanoTime.getAsLong() - nextSnapshot >= 0) {
                nextSnapshot = nanoTime.getAsLong() + settings.snapshot().toNanos();
                coming = new Read(head, reader.read());
            }
            return;
        }
        if (!asked.inForce().isDone()) {
            return;
        }
        coming = null;
        if (asked.inForce().isCompletedExceptionally()) {
            failures.incrementAndGet();
            return;
        }
        if (asked.head().generation() != head.generation()) {
            // The new one began with a snapshot of its own.
            return;
        }
        var _ = get(feed.putSnapshot(
                connection(),
                sign(FeedMessage.SNAPSHOT, asked.head(), asked.inForce().join())));
    }

    /// One entry at the end of the feed, wherever that is by now.
    private void append(List<TrustChange> changes) throws InterruptedException, ExecutionException, TimeoutException {
        for (int race = 0; race < MAX_RACES; race++) {
            boolean begins = broken || !seenHead.equals(head.toString());
            FeedPosition position = begins ? newGeneration() : head.next();
            String entry = sign(FeedMessage.ENTRY, position, changes);
            String snapshot = begins ? sign(FeedMessage.SNAPSHOT, position, allInForce()) : "";
            FeedRedis.Answer answer = appended(position, entry, snapshot);
            if (answer.done()) {
                broken = false;
                seenHead = answer.head();
                head = position;
                appended.incrementAndGet();
                if (begins) {
                    LOG.info("the trust feed begins a new generation, {}", position.generation());
                }
                return;
            }
            adopt(answer.head());
        }
        throw new TimeoutException("the end of the feed would not hold still");
    }

    private FeedRedis.Answer appended(FeedPosition position, String entry, String snapshot)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return get(feed.append(connection(), seenHead, position, entry, settings.entries(), snapshot));
        } catch (ExecutionException e) {
            broken = e.getCause() instanceof RedisCommandExecutionException;
            throw e;
        }
    }

    /// Redis says that the feed ends there. An end before one already seen means that Redis has lost some of it: then
    /// `seenHead` and `head` differ, and the next entry begins a new generation.
    private void adopt(String there) {
        seenHead = there;
        FeedPosition position = FeedPosition.parse(there).orElse(FeedPosition.START);
        if (head.isBefore(position)) {
            head = position;
        }
    }

    private FeedPosition newGeneration() {
        return new FeedPosition(Math.max(clock.millis(), head.generation() + 1), 1);
    }

    /// Everything in force, read since the feed was seen to end where it ends: nothing published is missing from it.
    private List<TrustChange> allInForce() throws InterruptedException, ExecutionException, TimeoutException {
        Beginning begun = beginning;
        if (begun == null || !begun.seenHead().equals(seenHead)) {
            begun = new Beginning(seenHead, reader.read());
            beginning = begun;
        }
        try {
            List<TrustChange> all = get(begun.inForce());
            beginning = null;
            return all;
        } catch (ExecutionException e) {
            beginning = null;
            throw e;
        }
    }

    private String sign(String type, FeedPosition position, List<TrustChange> changes) {
        IdentityDocument document = identity.current();
        Instant now = clock.instant();
        FeedMessage message = new FeedMessage(document.spiffeId(), position, now, changes);
        return IdentityJws.sign(type, FeedCodec.encode(message), document.privateKey(), document.chain());
    }

    private StatefulRedisConnection<String, String> connection() throws TimeoutException {
        return redis.connection().orElseThrow(() -> new TimeoutException("Redis was not reached yet"));
    }

    private <T> T get(CompletionStage<T> stage) throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void failed(Exception cause) {
        failures.incrementAndGet();
        if (!reported) {
            reported = true;
            Throwable root = cause instanceof ExecutionException && cause.getCause() != null ? cause.getCause() : cause;
            LOG.warn("the trust feed cannot be written: {}", root.getClass().getSimpleName());
        }
    }

    private void recovered() {
        if (reported && owed.isEmpty()) {
            reported = false;
            LOG.info("the trust feed is written again");
        }
    }

    /// Ends ticking. What was not published yet is in the source.
    @Override
    public void close() {
        closed = true;
        Thread running = writer;
        if (running != null) {
            running.interrupt();
        }
        reader.close();
    }
}
