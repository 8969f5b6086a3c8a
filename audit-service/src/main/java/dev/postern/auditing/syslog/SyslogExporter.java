package dev.postern.auditing.syslog;

import dev.postern.audit.cef.CefEvent;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.leaf.Leaf;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sends every published event to a collector, in the order of the log.
///
/// Guarantee: at least once. The place to go on at is on the disk, and moves only over what the collector's TLS has
/// confirmed; what a broken connection, a restart or a crash leaves unconfirmed is sent again. Events have an id
/// (`externalId`) and a place (`cs1`) to tell repetitions by. Nothing is skipped in silence: a leaf that does not open
/// (shredded, or altered) and shards that were deleted before they were sent are counted, and the latter are an error
/// in the log. Failure direction: open; a collector that is away holds up nothing but itself, and is asked again after
/// up to a minute. It is not asked at all where nothing opens.
///
/// One thread.
final class SyslogExporter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SyslogExporter.class.getName());
    /// Looked at between two places to go on at, whether they open or not.
    static final int MOST_LEAVES = 10_000;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 7;
    /// For a connection to end by itself when the service stops; then it is cut off.
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Supplier<NavigableMap<ShardName, PublishedShard>> log;
    private final Supplier<Set<ShardName>> deleted;
    private final SealedLeaves leaves;
    private final Collector collector;
    private final ExportPosition position;
    private final Format format;
    private final Clock clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private final LongAdder sent = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final LongAdder missed = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile long behind;
    private volatile @Nullable Instant behindSince;
    private volatile Collector.@Nullable Delivery open;

    /// How messages look, and how long a connection gathers them.
    ///
    /// @param look between two looks at the log
    record Format(String hostname, String version, Duration linger, Duration look) {}

    /// @param log     the shards that are there
    /// @param deleted those that are not any more
    SyslogExporter(
            Supplier<NavigableMap<ShardName, PublishedShard>> log,
            Supplier<Set<ShardName>> deleted,
            SealedLeaves leaves,
            Collector collector,
            ExportPosition position,
            Format format,
            Clock clock) {
        this.log = log;
        this.deleted = deleted;
        this.leaves = leaves;
        this.collector = collector;
        this.position = position;
        this.format = format;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("audit-syslog").unstarted(this::run);
    }

    /// Begins where the last run was confirmed.
    ///
    /// @throws IOException when nobody knows where that is
    void start() throws IOException {
        var _ = position.read();
        thread.start();
    }

    private void run() {
        int failed = 0;
        String said = "";
        try {
            do {
                try {
                    deliver();
                    failed = 0;
                    said = "";
                } catch (IOException | RuntimeException e) {
                    failures.increment();
                    failed++;
                    String sentence = String.valueOf(e.getMessage());
                    if (!sentence.equals(said) && closing.getCount() > 0) {
                        LOG.log(System.Logger.Level.WARNING, "audit events do not reach the collector: {0}", sentence);
                    }
                    said = sentence;
                }
            } while (!closing.await(pause(failed).toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause(int failed) {
        if (failed == 0) {
            return format.look();
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failed - 1, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /// Sends what there is over one connection, and what comes while it lingers. Where nothing opens, there is none.
    private void deliver() throws IOException, InterruptedException {
        Instant began = clock.instant();
        Cursor cursor = new Cursor(position.read());
        long before = cursor.left();
        noteBehind(before);
        Optional<byte[]> frame = cursor.nextFrame();
        long events = frame.isPresent() ? send(frame.get(), cursor) : 0;
        if (cursor.looked == 0 && cursor.missed.isEmpty()) {
            return;
        }
        position.write(cursor.next);
        sent.add(events);
        unreadable.add(cursor.unreadable);
        if (!cursor.missed.isEmpty()) {
            missed.add(cursor.missed.size());
            LOG.log(
                    System.Logger.Level.ERROR,
                    "shards were deleted before all of them was sent to the collector, which lacks the rest: {0}",
                    cursor.missed);
        }
        if (cursor.looked >= before) {
            // What is left was published since.
            behindSince = began;
        }
        noteBehind(cursor.left());
    }

    private long send(byte[] first, Cursor cursor) throws IOException, InterruptedException {
        long events = 0;
        try (Collector.Delivery delivery = collector.connect()) {
            open = delivery;
            long end = System.nanoTime() + format.linger().toNanos();
            Optional<byte[]> frame = Optional.of(first);
            boolean more = true;
            while (more) {
                for (; frame.isPresent(); frame = cursor.nextFrame()) {
                    delivery.send(frame.get());
                    events++;
                }
                delivery.flush();
                more = !cursor.isFull()
                        && System.nanoTime() - end < 0
                        && !closing.await(format.look().toMillis(), TimeUnit.MILLISECONDS);
                frame = more ? cursor.nextFrame() : frame;
            }
            delivery.confirm();
        } finally {
            open = null;
        }
        return events;
    }

    private void noteBehind(long left) {
        behind = left;
        if (left == 0) {
            behindSince = null;
        } else if (behindSince == null) {
            behindSince = clock.instant();
        }
    }

    /// Reads the log from a place on.
    private final class Cursor {
        private final Set<ShardName> missed = new TreeSet<>();
        private Position next;
        private int looked;
        private long unreadable;
        /// Of the shard of [#next], as last seen.
        private long size;

        private long held = -1;
        private List<byte[]> bundle = List.of();

        Cursor(Optional<Position> from) {
            NavigableMap<ShardName, PublishedShard> there = log.get();
            Position at = from.orElse(new Position(there.firstKey(), 0));
            ShardName gone = at.shard();
            if (!there.containsKey(gone)) {
                missed.add(gone);
                at = new Position(Optional.ofNullable(there.higherKey(gone)).orElse(there.firstKey()), 0);
                passOver(gone, at.shard());
            }
            this.next = at;
        }

        /// What is not there any more between two shards.
        private void passOver(ShardName from, ShardName to) {
            deleted.get().stream()
                    .filter(shard -> shard.compareTo(from) > 0 && shard.compareTo(to) < 0)
                    .forEach(missed::add);
        }

        boolean isFull() {
            return looked >= MOST_LEAVES;
        }

        /// The next message; none when there is no more leaf now, enough were looked at, or the service stops.
        Optional<byte[]> nextFrame() throws IOException {
            Optional<byte[]> frame = Optional.empty();
            while (frame.isEmpty() && !isFull() && closing.getCount() > 0 && hasMore()) {
                looked++;
                frame = next();
            }
            return frame;
        }

        private boolean hasMore() throws IOException {
            while (next.index() >= size) {
                // Before the size: a shard that has a successor by now does not grow any more.
                NavigableMap<ShardName, PublishedShard> there = log.get();
                size = shard(there).checkpoint().checkpoint().size();
                if (next.index() >= size) {
                    ShardName later = there.higherKey(next.shard());
                    if (later == null) {
                        return false;
                    }
                    passOver(next.shard(), later);
                    next = new Position(later, 0);
                    size = 0;
                    held = -1;
                }
            }
            return true;
        }

        /// The next leaf's message; none for a mark, and for what does not open.
        private Optional<byte[]> next() throws IOException {
            long number = next.index() / Tile.FULL;
            int at = (int) (next.index() % Tile.FULL);
            if (held != number || at >= bundle.size()) {
                bundle = shard(log.get()).bundle(number, size);
                held = number;
            }
            byte[] leaf = bundle.get(at);
            Position place = next;
            next = new Position(place.shard(), place.index() + 1);
            Optional<EventEnvelope> event = leaves.event(leaf);
            if (event.isEmpty() && !isMark(leaf)) {
                unreadable++;
            }
            return event.map(one -> SyslogFrame.of(
                    one, CefEvent.of(one, place.shard().value(), place.index(), format.version()), format.hostname()));
        }

        private static boolean isMark(byte[] leaf) {
            return Leaf.parse(leaf).filter(one -> one.kind() != Leaf.Kind.EVENT).isPresent();
        }

        private PublishedShard shard(NavigableMap<ShardName, PublishedShard> there) throws IOException {
            PublishedShard shard = there.get(next.shard());
            if (shard == null) {
                throw new IOException("shard " + next.shard() + " was deleted while it was sent");
            }
            return shard;
        }

        /// Leaves that were not sent.
        long left() throws IOException {
            long left = -next.index();
            for (PublishedShard shard : log.get().tailMap(next.shard(), true).values()) {
                left += shard.checkpoint().checkpoint().size();
            }
            return left;
        }
    }

    /// Events that were confirmed, repetitions included.
    long sent() {
        return sent.sum();
    }

    /// Leaves that did not open: shredded, or altered.
    long unreadable() {
        return unreadable.sum();
    }

    /// Shards that were deleted before all of them was sent.
    long missed() {
        return missed.sum();
    }

    long failures() {
        return failures.sum();
    }

    /// Published leaves that are not confirmed.
    long behind() {
        return behind;
    }

    /// For how long the oldest of them has waited, as far as this process saw; zero without any.
    Duration lag() {
        Instant since = behindSince;
        return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
    }

    /// Ends with the connection that is open, which is cut off after five seconds; what is unconfirmed is sent at the
    /// next start.
    @Override
    public void close() {
        closing.countDown();
        if (!hasEnded()) {
            Collector.Delivery stuck = open;
            if (stuck != null) {
                stuck.close();
            }
            var _ = hasEnded();
        }
    }

    private boolean hasEnded() {
        try {
            return thread.getState() == Thread.State.NEW || thread.join(LAST_WORDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
