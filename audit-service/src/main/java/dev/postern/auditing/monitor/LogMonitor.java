package dev.postern.auditing.monitor;

import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import dev.postern.tlog.Inconsistency;
import dev.postern.tlog.LogFollower;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Re-verifies what is published, from the files as anybody reads them: each round a bounded part of what it has not
/// seen yet, the newest shard first, and one bundle of what it has, taken at random, up to the root.
///
/// After a start it goes through all shards once. Failure direction: open. What is wrong is an error in the log, told
/// once, and a metric that stays until the restart; events go on being taken, because the write-ahead log and the
/// producers' spools are the better evidence.
final class LogMonitor implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LogMonitor.class.getName());

    private final Supplier<List<PublishedShard>> shards;
    private final Keys keys;
    private final MonitorProperties settings;
    private final RandomGenerator random;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("audit-monitor").unstarted(this::run);
    private final CountDownLatch closing = new CountDownLatch(1);

    /// Of the one thread.
    private final Map<ShardName, LogFollower> followers = new HashMap<>();

    private final Set<String> told = new HashSet<>();

    private final LongAdder entries = new LongAdder();
    private final LongAdder samples = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private volatile long lag;

    /// Where the keys of shards are.
    @FunctionalInterface
    interface Keys {
        Optional<NoteVerifier> of(PublishedShard shard) throws IOException;
    }

    /// @param shards  newest first
    LogMonitor(Supplier<List<PublishedShard>> shards, Keys keys, MonitorProperties settings, RandomGenerator random) {
        this.shards = shards;
        this.keys = keys;
        this.settings = settings;
        this.random = random;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closing.await(settings.pause().toMillis(), TimeUnit.MILLISECONDS)) {
                round();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// One look. For one thread.
    void round() {
        List<PublishedShard> present = shards.get();
        followers.keySet().retainAll(present.stream().map(PublishedShard::name).toList());
        int left = settings.bundles();
        for (PublishedShard shard : present) {
            left -= follow(shard, left);
        }
        sample(present);
        lag = present.isEmpty() ? 0 : lag(present.getFirst());
    }

    /// Bundles that were looked at.
    private int follow(PublishedShard shard, int bundles) {
        if (bundles <= 0) {
            return 0;
        }
        try {
            LogFollower follower = follower(shard);
            if (follower == null) {
                fault(shard, new Inconsistency(-1, shard.name() + ".vkey", "there is no key of this log"));
                return 0;
            }
            long before = follower.entries();
            follower.follow(bundles).ifPresent(wrong -> fault(shard, wrong));
            long done = follower.entries() - before;
            entries.add(done);
            return (int) Math.min(bundles, (done + 255) / 256);
        } catch (IOException | RuntimeException e) {
            fault(shard, new Inconsistency(-1, "tile", "files cannot be read: " + e.getMessage()));
            return 0;
        }
    }

    private @Nullable LogFollower follower(PublishedShard shard) throws IOException {
        LogFollower known = followers.get(shard.name());
        Optional<NoteVerifier> key = known == null ? keys.of(shard) : Optional.empty();
        if (known == null && key.isPresent()) {
            known = new LogFollower(shard.storage(), key.get());
            followers.put(shard.name(), known);
        }
        return known;
    }

    /// Any entry of all that were verified, each as likely as the other.
    private void sample(List<PublishedShard> present) {
        List<PublishedShard> verified = new ArrayList<>();
        long all = 0;
        for (PublishedShard shard : present) {
            long size = verified(shard);
            if (size > 0) {
                verified.add(shard);
                all += size;
            }
        }
        long place = all == 0 ? 0 : random.nextLong(all);
        for (PublishedShard shard : verified) {
            long size = verified(shard);
            if (place < size) {
                sample(shard, place);
                return;
            }
            place -= size;
        }
    }

    private long verified(PublishedShard shard) {
        return Optional.ofNullable(followers.get(shard.name()))
                .flatMap(LogFollower::verified)
                .map(Checkpoint::size)
                .orElse(0L);
    }

    private void sample(PublishedShard shard, long leaf) {
        try {
            LogFollower follower = followers.get(shard.name());
            if (follower != null) {
                follower.sample(leaf).ifPresent(wrong -> fault(shard, wrong));
                samples.increment();
            }
        } catch (IOException e) {
            fault(shard, new Inconsistency(leaf, "tile", "files cannot be read: " + e.getMessage()));
        }
    }

    /// A shard that is being removed loses its files one after the other: that is no fault.
    private void fault(PublishedShard shard, Inconsistency wrong) {
        if (shards.get().stream().noneMatch(one -> one.name().equals(shard.name()))) {
            return;
        }
        faults.increment();
        String where = wrong.index() < 0 ? "" : "entry " + wrong.index() + ", ";
        String sentence = shard.origin() + ": " + where + wrong.path() + ": " + wrong.what();
        if (told.size() < 1000 && told.add(sentence)) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the published audit log is not sound: {0}. Keep the directory as evidence; run postern audit"
                            + " verify",
                    sentence);
        }
    }

    private long lag(PublishedShard newest) {
        try {
            return Math.max(0, newest.checkpoint().checkpoint().size() - verified(newest));
        } catch (IOException _) {
            return Long.MAX_VALUE;
        }
    }

    /// Entries that were read and hashed since the start.
    long entries() {
        return entries.sum();
    }

    /// Bundles that were read again since the start.
    long samples() {
        return samples.sum();
    }

    /// Looks that found something wrong since the start.
    long faults() {
        return faults.sum();
    }

    /// Entries of the newest shard that are published and not verified yet.
    long behind() {
        return lag;
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
