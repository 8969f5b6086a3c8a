package dev.postern.auditing.sequence;

import dev.postern.audit.EventQuery;
import dev.postern.audit.EventQuery.Term;
import dev.postern.audit.canonical.CanonicalJson;
import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.index.EventIndex;
import dev.postern.auditing.index.EventName;
import dev.postern.auditing.index.IndexFollower;
import dev.postern.auditing.index.IndexQuery;
import dev.postern.auditing.index.IndexRebuild;
import dev.postern.auditing.index.IndexedEvent;
import dev.postern.auditing.leaf.Leaf;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.Shard;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardName;
import dev.postern.auditing.shard.ShardSigners;
import dev.postern.kms.KeyManagementException;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteSigner;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The one writer of the audit log.
///
/// Guarantee: an event (its source and id) gets one place in the log, whoever sends it how often; its acknowledgement
/// means that it survives a crash. Failure direction: closed; after a failed write nothing is acknowledged until a
/// restart.
///
/// A shard's signer is fetched ahead, by [#prepare], never by who appends: while key management does not give it,
/// events go on into the shard of the week before.
///
/// The index follows the published log on its own. Until it has an event, that waits in memory, where a repeated one
/// finds it; when many wait, who sends more is slowed down, and when too many do, nothing is taken until the index has
/// caught up.
///
/// Locks: `order` guards the decision whether an event is new, and the order of appending. It is taken first; the
/// producers' numbers and the index have their own monitors. The threads of the write-ahead log, the publisher and the
/// index never take `order`.
public final class Sequencer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Sequencer.class.getName());
    private static final Duration WEEK = Duration.ofDays(7);
    private static final int MAX_PENDING = 32_768;
    /// From here on who sends waits for the index: what has to wait costs less than what is refused and sent again.
    private static final int CROWDED = MAX_PENDING / 2;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int LATELY = 500;

    private final ShardFiles files;
    private final ShardSigners signers;
    private final SealedLeaves leaves;
    private final SequencerSettings settings;
    private final Clock clock;
    private final RandomGenerator random;
    private final GapListener gaps;

    private final ProducerNumbers numbers;
    private final EventIndex index;
    private final IndexFollower follower;
    private final IndexRebuild rebuild;
    private final NavigableMap<ShardName, PublishedShard> shards = new ConcurrentSkipListMap<>();
    private final Map<EventName, Pending> pending = new ConcurrentHashMap<>();
    private final ReentrantLock order = new ReentrantLock();
    private final Object room = new Object();
    private volatile Shard current;
    private volatile @Nullable Prepared prepared;

    private record Prepared(ShardName shard, NoteSigner signer) {}

    /// An event that is not in the index yet.
    ///
    /// @param number     its producer's
    /// @param digest     SHA-256 of its canonical bytes: thousands may wait, and one may be long
    /// @param sequenced  completes when it is on disk
    /// @param published  completes when a checkpoint covers it and the index has it
    @SuppressWarnings("ArrayRecordComponent") // Compared by content where it matters.
    private record Pending(
            Producer producer,
            long number,
            byte[] digest,
            CompletableFuture<Position> sequenced,
            CompletableFuture<Position> published) {}

    private Sequencer(
            ShardFiles files,
            ShardSigners signers,
            SealedLeaves leaves,
            EventIndex index,
            SequencerSettings settings,
            Clock clock,
            RandomGenerator random,
            GapListener gaps)
            throws IOException {
        this.files = files;
        this.signers = signers;
        this.leaves = leaves;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.gaps = gaps;
        this.index = index;
        this.numbers = new ProducerNumbers(index, this::waiting);
        this.follower = new IndexFollower(index, leaves, () -> shards, this::indexed);
        this.rebuild = new IndexRebuild(index, follower, leaves, () -> shards);
        this.current = start();
        try {
            follower.catchUp();
        } catch (IOException | RuntimeException e) {
            current.close();
            throw e;
        }
        follower.start();
        prepare();
    }

    /// Recovers what is there, brings the index up to it, and opens the shard of this week.
    ///
    /// @param index  closed with the sequencer
    public static Sequencer open(
            ShardFiles files,
            ShardSigners signers,
            SealedLeaves leaves,
            EventIndex index,
            SequencerSettings settings,
            Clock clock,
            RandomGenerator random,
            GapListener gaps)
            throws IOException {
        return new Sequencer(files, signers, leaves, index, settings, clock, random, gaps);
    }

    private Shard start() throws IOException {
        List<ShardName> names = files.shards();
        Optional<Shard> open = Optional.empty();
        for (ShardName name : names) {
            if (open.isPresent()) {
                throw new IOException("shard " + open.get().published().name() + " was not closed before the next");
            }
            open = recover(name);
        }
        ShardName now = ShardName.at(clock.instant());
        if (open.isPresent()) {
            return open.get();
        }
        if (!names.isEmpty() && names.getLast().compareTo(now) >= 0) {
            throw new IOException("the clock is behind the audit log, whose shard " + names.getLast() + " is closed");
        }
        return openShard(now, signers.signer(now));
    }

    /// Fetches the signer of the shard that comes next, unless it is here already. It may wait for key management, and
    /// is called again and again.
    void prepare() {
        ShardName next = due();
        Prepared before = prepared;
        if (before != null && before.shard().equals(next)) {
            return;
        }
        try {
            prepared = new Prepared(next, signers.signer(next));
        } catch (KeyManagementException e) {
            LOG.log(System.Logger.Level.WARNING, "shard {0} waits for its key: {1}", next, e.getMessage());
        }
    }

    private ShardName due() {
        Instant now = clock.instant();
        ShardName present = ShardName.at(now);
        return present.compareTo(current.published().name()) > 0 ? present : ShardName.at(now.plus(WEEK));
    }

    /// The shard, if it can still be written to.
    private Optional<Shard> recover(ShardName name) throws IOException {
        PublishedShard published = new PublishedShard(name, files.origin(name), files.log(name));
        if (isClosed(published)) {
            shards.put(name, published);
            return Optional.empty();
        }
        Shard shard = openShard(name, signers.signer(name));
        if (isClosed(shard.published())) {
            shard.close();
            return Optional.empty();
        }
        return Optional.of(shard);
    }

    private Shard openShard(ShardName name, NoteSigner signer) throws IOException {
        Optional<PublishedShard> before =
                Optional.ofNullable(shards.lowerEntry(name)).map(Map.Entry::getValue);
        Shard shard = Shard.open(files, name, signer, settings.publicationPause(), random);
        shards.put(name, shard.published());
        shard.start((_, _, _) -> follower.signal());
        if (shard.size() == 0) {
            Map<String, Object> opening = new HashMap<>(Map.of("origin", files.origin(name)));
            if (before.isPresent()) {
                opening.put("previous_checkpoint", before.get().checkpoint().note());
            }
            appendMarker(shard, Leaf.Kind.OPENING, opening);
        }
        return shard;
    }

    private static boolean isClosed(PublishedShard shard) throws IOException {
        if (shard.storage().read("checkpoint").isEmpty()) {
            return false;
        }
        Checkpoint checkpoint = shard.checkpoint().checkpoint();
        return checkpoint.size() > 0
                && Leaf.parse(shard.entry(checkpoint.size() - 1, checkpoint.size()))
                        .filter(leaf -> leaf.kind() == Leaf.Kind.CLOSING)
                        .isPresent();
    }

    private static void appendMarker(Shard shard, Leaf.Kind kind, Map<String, ?> body) throws IOException {
        try {
            shard.append(new Leaf(kind, CanonicalJson.bytes(body)).bytes()).join();
        } catch (CompletionException | NotCanonical e) {
            throw new IOException("shard " + shard.published().name() + " cannot be written", e);
        }
    }

    /// Puts a batch of events in order. Each future completes when its event is on disk; events known already complete
    /// with the place they have.
    ///
    /// @throws NotCanonical      an event has no canonical form; nothing of the batch was taken
    /// @throws ConflictingEvent  an identifier was used twice; events before it in the batch were taken
    /// @throws IOException       the log cannot be written
    public List<CompletableFuture<Position>> submit(List<EventEnvelope> batch)
            throws NotCanonical, ConflictingEvent, IOException {
        List<byte[]> contents = new ArrayList<>();
        for (EventEnvelope event : batch) {
            contents.add(event.bytes());
        }
        awaitRoom();
        Map<EventName, Position> logged = logged(batch);
        List<CompletableFuture<Position>> sequenced = new ArrayList<>();
        order.lock();
        try {
            rollOver();
            for (int i = 0; i < batch.size(); i++) {
                sequenced.add(submit(batch.get(i), contents.get(i), logged));
            }
        } finally {
            order.unlock();
        }
        return sequenced;
    }

    /// Slows down who sends faster than the index follows; for a while, since it may be away.
    private void awaitRoom() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (room) {
            try {
                for (long left = PATIENCE.toMillis();
                        pending.size() > CROWDED && left > 0;
                        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                    room.wait(left);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// What the index knows of a batch. Asked before `order` is taken: it may be slow or away, and events of others
    /// shall not wait for it.
    private Map<EventName, Position> logged(List<EventEnvelope> batch) throws IOException {
        Map<EventName, Position> logged = new HashMap<>();
        for (EventEnvelope event : batch) {
            Producer producer = Producer.of(event);
            numbers.learn(producer);
            EventName name = EventName.of(event);
            if (event.sequence() <= numbers.highest(producer) && !pending.containsKey(name)) {
                place(name).ifPresent(place -> logged.put(name, place));
            }
        }
        return logged;
    }

    private CompletableFuture<Position> submit(EventEnvelope event, byte[] content, Map<EventName, Position> logged)
            throws ConflictingEvent, IOException {
        EventName name = EventName.of(event);
        Producer producer = Producer.of(event);
        long highest = numbers.highest(producer);
        if (event.sequence() <= highest) {
            Optional<CompletableFuture<Position>> known = known(name, content, logged);
            if (known.isPresent()) {
                return known.get();
            }
        }
        if (pending.size() >= MAX_PENDING) {
            throw new IOException(
                    "the audit index is " + MAX_PENDING + " events behind: nothing is taken until it is not");
        }
        byte[] leaf = leaves.seal(content);
        ShardName shard = current.published().name();
        CompletableFuture<Position> sequenced = new CompletableFuture<>();
        pending.put(
                name, new Pending(producer, event.sequence(), digest(content), sequenced, new CompletableFuture<>()));
        numbers.placed(producer, Math.max(highest, event.sequence()));
        var _ = current.append(leaf).whenComplete((place, failure) -> {
            // Runs in the order of appending: at once, under the lock, or later on the one thread that completes.
            if (failure == null) {
                if (event.sequence() != highest + 1) {
                    gaps.gap(event, highest + 1);
                }
                sequenced.complete(new Position(shard, place));
            } else {
                pending.remove(name);
                sequenced.completeExceptionally(failure);
            }
        });
        return sequenced;
    }

    /// Where the event is that has this name.
    private Optional<CompletableFuture<Position>> known(EventName name, byte[] content, Map<EventName, Position> logged)
            throws ConflictingEvent, IOException {
        // In this order: an event is in the index before it leaves the pending ones.
        Pending waiting = pending.get(name);
        if (waiting != null) {
            expectSame(waiting.digest(), digest(content));
            return Optional.of(waiting.sequenced());
        }
        // One that was not there before may be now: it was sent twice at once, or fills a gap.
        Position before = logged.get(name);
        Optional<Position> known = before == null ? place(name) : Optional.of(before);
        if (known.isPresent()) {
            // What was shredded since, or altered on the disk, was this event: nobody else has its name.
            expectSame(leaves.content(entry(known.get())).orElse(content), content);
        }
        return known.map(CompletableFuture::completedFuture);
    }

    private static byte[] digest(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void expectSame(byte[] logged, byte[] content) throws ConflictingEvent {
        if (!Arrays.equals(logged, content)) {
            throw new ConflictingEvent();
        }
    }

    /// At the turn of the week: a closing leaf, the final checkpoint, and a new shard whose first leaf holds it. Names
    /// only rise, so a clock that is set back changes nothing. Nothing is closed before the next signer is here.
    private void rollOver() throws IOException {
        ShardName now = ShardName.at(clock.instant());
        Shard old = current;
        if (now.compareTo(old.published().name()) <= 0) {
            return;
        }
        Prepared next = prepared;
        if (next == null || !next.shard().equals(now)) {
            return;
        }
        appendMarker(old, Leaf.Kind.CLOSING, Map.of("origin", old.published().origin(), "next", files.origin(now)));
        old.close();
        if (!isClosed(old.published())) {
            throw new IOException("the end of shard " + old.published().name() + " could not be published");
        }
        current = openShard(now, next.signer());
    }

    private void indexed(List<IndexedEvent> events) {
        for (IndexedEvent indexed : events) {
            Pending waited = pending.remove(EventName.of(indexed.event()));
            if (waited != null) {
                waited.published().complete(indexed.place());
            }
        }
        synchronized (room) {
            room.notifyAll();
        }
    }

    private long waiting(Producer producer) {
        return pending.values().stream()
                .filter(event -> event.producer().equals(producer))
                .mapToLong(Pending::number)
                .max()
                .orElse(0);
    }

    /// An event's place, once a checkpoint covers it; empty if there is no such event.
    ///
    /// @throws IOException when it cannot be told right now
    public Optional<CompletableFuture<Position>> find(String source, String id) throws IOException {
        EventName name = new EventName(source, id);
        Pending waiting = pending.get(name);
        return waiting != null ? Optional.of(waiting.published()) : place(name).map(CompletableFuture::completedFuture);
    }

    private Optional<Position> place(EventName name) throws IOException {
        return index.find(name).filter(place -> isThere(place.shard()));
    }

    /// The highest number of a producer that is in the log; empty if none can be read there.
    ///
    /// @throws IOException when it cannot be told right now
    public OptionalLong lastNumber(Producer producer) throws IOException {
        numbers.learn(producer);
        long highest = numbers.highest(producer);
        return highest == 0 ? OptionalLong.empty() : OptionalLong.of(highest);
    }

    /// The last event of each spool among the newest 500 of each service: one that has little to say is not pushed out
    /// by those who say much.
    ///
    /// @throws IOException when they cannot be read right now
    public Map<Producer, Producer.Heard> lately(Set<URI> services) throws IOException {
        Map<Producer, Producer.Heard> lately = new HashMap<>();
        EntryReader entries = new EntryReader(this);
        for (URI service : services) {
            Term source = new Term(EventQuery.SOURCE, service.toString());
            for (Position place :
                    index.search(IndexQuery.of(Set.of(source), LATELY)).places()) {
                if (isThere(place.shard())) {
                    leaves.event(entries.entry(place))
                            .ifPresent(event -> lately.putIfAbsent(Producer.of(event), Producer.Heard.of(event)));
                }
            }
        }
        return lately;
    }

    public EventIndex index() {
        return index;
    }

    /// Proves the index against the log.
    public IndexRebuild rebuild() {
        return rebuild;
    }

    /// Names a shard no more: it is about to be deleted, and those before it are.
    ///
    /// @throws IllegalArgumentException for the one that is being written
    public void forget(ShardName name) {
        if (name.compareTo(current.published().name()) >= 0) {
            throw new IllegalArgumentException("shard " + name + " is being written");
        }
        shards.remove(name);
    }

    /// Whether a shard's files are there. The index may still name one that was deleted.
    public boolean isThere(ShardName name) {
        return shards.containsKey(name);
    }

    /// A shard's published files.
    public PublishedShard shard(ShardName name) {
        PublishedShard shard = shards.get(name);
        if (shard == null) {
            throw new IllegalArgumentException("no such shard");
        }
        return shard;
    }

    /// The newest shards, the newest first.
    public List<PublishedShard> newest(int count) {
        return shards.descendingMap().values().stream().limit(count).toList();
    }

    private byte[] entry(Position place) throws IOException {
        PublishedShard shard = shard(place.shard());
        return shard.entry(place.index(), shard.checkpoint().checkpoint().size());
    }

    /// Entries with an index in the shard that is being written.
    public long size() {
        return current.size();
    }

    /// Events that are not in the index yet.
    public int unindexed() {
        return pending.size();
    }

    public boolean writable() {
        return current.writable();
    }

    @Override
    public void close() throws IOException {
        // Not under the lock: it waits for a question that may be under way.
        rebuild.close();
        order.lock();
        try {
            current.close();
            follower.close();
        } finally {
            order.unlock();
        }
    }
}
