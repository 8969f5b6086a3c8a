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
/// (shredded, or altered) and a shard that was deleted before it was sent are counted, and the latter is an error in
/// the
/// log. Failure direction: open; a collector that is away holds up nothing but itself, and is asked again after up to a
/// minute.
///
/// One thread.
final class SyslogExporter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SyslogExporter.class.getName());
    /// Of one connection.
    static final int MOST_EVENTS = 10_000;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 7;

    private final Supplier<NavigableMap<ShardName, PublishedShard>> log;
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

    /// How messages look, and how long a connection gathers them.
    ///
    /// @param look between two looks at the log
    record Format(String hostname, String version, Duration linger, Duration look) {}

    SyslogExporter(
            Supplier<NavigableMap<ShardName, PublishedShard>> log,
            SealedLeaves leaves,
            Collector collector,
            ExportPosition position,
            Format format,
            Clock clock) {
        this.log = log;
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
                    if (!sentence.equals(said)) {
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

    /// Sends what there is over one connection, and what comes while it lingers.
    private void deliver() throws IOException, InterruptedException {
        Cursor cursor = new Cursor(position.read());
        noteBehind(cursor);
        if (!cursor.hasMore()) {
            return;
        }
        long events = 0;
        try (Collector.Delivery delivery = collector.connect()) {
            long end = System.nanoTime() + format.linger().toNanos();
            do {
                while (events < MOST_EVENTS && closing.getCount() > 0 && cursor.hasMore()) {
                    Optional<byte[]> frame = cursor.next();
                    if (frame.isPresent()) {
                        delivery.send(frame.get());
                        events++;
                    }
                }
                delivery.flush();
            } while (events < MOST_EVENTS
                    && System.nanoTime() < end
                    && !closing.await(format.look().toMillis(), TimeUnit.MILLISECONDS));
            delivery.confirm();
        }
        position.write(cursor.next);
        sent.add(events);
        unreadable.add(cursor.unreadable);
        cursor.deleted.ifPresent(shard -> {
            missed.increment();
            LOG.log(
                    System.Logger.Level.ERROR,
                    "shard {0} was deleted before all of it was sent to the collector, which lacks the rest of it",
                    shard);
        });
        noteBehind(cursor);
    }

    private void noteBehind(Cursor cursor) throws IOException {
        long left = cursor.left();
        behind = left;
        if (left == 0) {
            behindSince = null;
        } else if (behindSince == null) {
            behindSince = clock.instant();
        }
    }

    /// Reads the log from a place on.
    private final class Cursor {
        private Position next;
        private Optional<ShardName> deleted = Optional.empty();
        private long unreadable;
        private long held = -1;
        private List<byte[]> bundle = List.of();

        Cursor(Optional<Position> from) {
            ShardName first = log.get().firstKey();
            Position at = from.orElse(new Position(first, 0));
            if (!log.get().containsKey(at.shard())) {
                deleted = Optional.of(at.shard());
                at = new Position(
                        Optional.ofNullable(log.get().higherKey(at.shard())).orElse(first), 0);
            }
            this.next = at;
        }

        boolean hasMore() throws IOException {
            while (true) {
                PublishedShard shard = shard();
                if (next.index() < shard.checkpoint().checkpoint().size()) {
                    return true;
                }
                ShardName later = log.get().higherKey(next.shard());
                if (later == null) {
                    return false;
                }
                next = new Position(later, 0);
                held = -1;
            }
        }

        /// The next leaf's message; none for a mark, and for what does not open.
        Optional<byte[]> next() throws IOException {
            long number = next.index() / Tile.FULL;
            int at = (int) (next.index() % Tile.FULL);
            if (held != number || at >= bundle.size()) {
                PublishedShard shard = shard();
                bundle = shard.bundle(number, shard.checkpoint().checkpoint().size());
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

        private PublishedShard shard() throws IOException {
            PublishedShard shard = log.get().get(next.shard());
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

    /// For how long there were any.
    Duration lag() {
        Instant since = behindSince;
        return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
    }

    /// Ends with the connection that is open; what is unconfirmed is sent at the next start.
    @Override
    public void close() {
        closing.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
