package dev.postern.auditing.index;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.leaf.SealedLeaf;
import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Follows the published log into the index: from where each part of it ends, and through everything that is missing
/// before. A new, a damaged and an old index are all brought up to date in this one way, so a rebuilt index equals the
/// one that grew.
///
/// One thread; before [#start], the caller's.
public final class IndexFollower implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(IndexFollower.class.getName());
    private static final Epoch CLEAR = new Epoch(0);
    private static final int BATCH = 1024;
    /// Octets of leaves in a batch: one may be 64 KB long.
    private static final int BATCH_OCTETS = 4 << 20;
    private static final int ATTEMPTS = 3;
    private static final long TIDYING_MILLIS = 1000;
    private static final long RETRY_MILLIS = 1000;

    private final EventIndex index;
    private final IndexWriter writer;
    private final SealedLeaves leaves;
    private final PublishedLog log;
    private final Listener listener;
    private final Map<ShardName, Long> closed = new ConcurrentHashMap<>();
    private final Queue<Settled> settled = new ConcurrentLinkedQueue<>();
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /// Told what is in the index from now on, by one thread at a time.
    @FunctionalInterface
    public interface Listener {
        /// The events are committed.
        void indexed(List<IndexedEvent> events);
    }

    /// Looks at the index while nothing is written into it.
    @FunctionalInterface
    interface Look<T> {
        /// What is seen.
        ///
        /// @param end  the place that the log was followed to
        T at(long end) throws IOException;
    }

    private interface Work {
        void at(long end) throws IOException;
    }

    private record Settled(Work work, CompletableFuture<?> seen) {}

    public IndexFollower(EventIndex index, SealedLeaves leaves, PublishedLog log, Listener listener) {
        this.index = index;
        this.writer = index.writer();
        this.leaves = leaves;
        this.log = log;
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("audit-indexer").unstarted(this::run);
    }

    /// Follows everything that is published. Before [#start].
    public void catchUp() throws IOException {
        writer.retain(this::isBefore);
        for (int attempt = 1; ; attempt++) {
            try {
                follow();
                return;
            } catch (IndexIncomplete e) {
                // What was found damaged is removed by the next attempt.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private boolean isBefore(long place, Hash leaf) throws IOException {
        NavigableMap<ShardName, PublishedShard> shards = log.shards();
        Position next = Places.position(place);
        if (!shards.isEmpty() && next.shard().compareTo(shards.firstKey()) < 0) {
            // The shard is gone, and what is left of its index goes with it.
            return true;
        }
        PublishedShard shard = shards.get(next.shard());
        long size = shard == null ? 0 : size(shards, shard);
        return shard != null
                && next.index() > 0
                && next.index() <= size
                && Hash.leaf(shard.entry(next.index() - 1, size)).equals(leaf);
    }

    /// Follows from now on, whenever there is news; and looks every second for what is damaged or shredded.
    public void start() {
        thread.start();
    }

    /// Something was published.
    public void signal() {
        news.release();
    }

    private void run() {
        boolean last;
        do {
            try {
                last = closing.getCount() == 0;
                look(follow());
                if (!last) {
                    var _ = news.tryAcquire(TIDYING_MILLIS, TimeUnit.MILLISECONDS);
                    var _ = news.drainPermits();
                }
            } catch (InterruptedException _) {
                return;
            } catch (IOException | RuntimeException e) {
                last = closing.getCount() == 0;
                LOG.log(System.Logger.Level.ERROR, "the audit index is behind the log: it tries again", e);
                pause();
            }
        } while (!last);
    }

    /// Has the follower's thread look at the index once everything that is published now is in it. What takes long
    /// there holds up the index. What is seen after the caller has given up (cancelled) is closed.
    <T> CompletableFuture<T> settled(Look<T> look) {
        CompletableFuture<T> seen = new CompletableFuture<>();
        settled.add(new Settled(
                end -> {
                    T found = look.at(end);
                    if (!seen.complete(found) && found instanceof AutoCloseable unseen) {
                        close(unseen);
                    }
                },
                seen));
        signal();
        return seen;
    }

    private static void close(AutoCloseable unseen) {
        try {
            unseen.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "what nobody waited for was not closed in order", e);
        }
    }

    private void look(long end) {
        for (Settled next = settled.poll(); next != null; next = settled.poll()) {
            try {
                if (!next.seen().isDone()) {
                    next.work().at(end);
                }
            } catch (IOException | RuntimeException e) {
                next.seen().completeExceptionally(e);
            }
        }
    }

    /// Follows up to a place and no further, in place of [#start].
    void followTo(long end) throws IOException {
        var _ = follow(end);
    }

    private void pause() {
        try {
            var _ = closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private long follow() throws IOException {
        return follow(Long.MAX_VALUE);
    }

    /// @return the place after the last one that is in the index
    private long follow(long bound) throws IOException {
        NavigableMap<ShardName, PublishedShard> shards = log.shards();
        if (shards.isEmpty()) {
            return 0;
        }
        long start = Places.packed(shards.firstKey(), 0);
        writer.tidy(start);
        long end = Math.min(
                bound,
                Places.packed(shards.lastKey(), size(shards, shards.lastEntry().getValue())));
        long cursor = start;
        for (Stretch stretch : writer.followed()) {
            follow(shards, cursor, Math.min(stretch.from(), end));
            cursor = Math.max(cursor, stretch.to());
        }
        follow(shards, cursor, end);
        writer.isWhole();
        return end;
    }

    private long size(NavigableMap<ShardName, PublishedShard> shards, PublishedShard shard) throws IOException {
        Long known = closed.get(shard.name());
        if (known != null) {
            return known;
        }
        boolean last = shard.name().equals(shards.lastKey());
        long size = shard.checkpoint().checkpoint().size();
        if (!last) {
            closed.put(shard.name(), size);
        }
        return size;
    }

    private void follow(NavigableMap<ShardName, PublishedShard> shards, long from, long to) throws IOException {
        if (from >= to) {
            return;
        }
        Batch batch = new Batch(from);
        long seen = 0;
        for (PublishedShard shard :
                shards.subMap(Places.shard(from), true, Places.shard(to), true).values()) {
            long size = size(shards, shard);
            long first = shard.name().equals(Places.shard(from))
                    ? Places.position(from).index()
                    : 0;
            long end = shard.name().equals(Places.shard(to))
                    ? Math.min(size, Places.position(to).index())
                    : size;
            for (long at = first; at < end; ) {
                long bundle = at / Tile.FULL;
                List<byte[]> entries = shard.bundle(bundle, size);
                for (; at < end && at / Tile.FULL == bundle; at++) {
                    batch.take(new Position(shard.name(), at), entries.get((int) (at % Tile.FULL)));
                    seen++;
                }
            }
        }
        if (seen > 0) {
            batch.end(to);
        }
    }

    /// What goes into the index at once: events of one epoch, and the stretch of the log they lie in.
    private final class Batch {
        private final List<IndexedEvent> events = new ArrayList<>();
        private long from;
        private Epoch epoch = CLEAR;
        private Hash head = Hash.EMPTY;
        private int octets;

        Batch(long from) {
            this.from = from;
        }

        void take(Position place, byte[] leaf) throws IOException {
            Optional<EventEnvelope> event = leaves.event(leaf);
            if (event.isPresent()) {
                Epoch own = SealedLeaf.parse(leaf)
                        .map(one -> new Epoch(one.epoch()))
                        .orElse(CLEAR);
                boolean full = events.size() == BATCH || octets >= BATCH_OCTETS;
                boolean due = events.isEmpty() ? from < Places.packed(place) : full || !own.equals(epoch);
                if (due) {
                    // What lies between two days belongs to the former, however the log was cut into batches.
                    end(Places.packed(place));
                }
                epoch = own;
                events.add(new IndexedEvent(place, event.get()));
                octets += leaf.length;
            }
            head = Hash.leaf(leaf);
        }

        void end(long to) throws IOException {
            List<IndexedEvent> done = List.copyOf(events);
            writer.apply(epoch, done, new Stretch(from, to, head));
            from = to;
            events.clear();
            octets = 0;
            listener.indexed(done);
        }
    }

    /// Follows what is published by now, and stops.
    @Override
    public void close() {
        closing.countDown();
        signal();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        index.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
