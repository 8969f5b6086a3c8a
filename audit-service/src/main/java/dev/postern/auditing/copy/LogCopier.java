package dev.postern.auditing.copy;

import dev.postern.audit.root.RootEntry;
import dev.postern.audit.root.RootState;
import dev.postern.auditing.retention.DeletionGate;
import dev.postern.auditing.root.RootLog;
import dev.postern.auditing.s3.AlteredCopy;
import dev.postern.auditing.s3.ObjectLock;
import dev.postern.auditing.s3.S3Bucket;
import dev.postern.auditing.s3.S3LogStorage;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardName;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogReader;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

/// Keeps the second store up to what is published: shards, then the root log, so that the copy never tells of more
/// than it has.
///
/// Failure direction: open for events, which never wait for the copy; closed for deletion, as no shard goes that was
/// not read back from the copy whole. What is in the bucket and is not this log's is never changed: it is an error in
/// the log, told once, and a metric. One thread copies; whatever else is asked may be asked by any.
final class LogCopier implements DeletionGate, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogCopier.class.getName());
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH").withZone(ZoneOffset.UTC);
    private static final String LAST = "last";
    private static final Duration WEEK = Duration.ofDays(7);
    /// So long after its week a shard may end as its locks allow for from the beginning.
    private static final Duration ALLOWANCE = Duration.ofDays(1);
    /// No lock is shorter: S3 refuses one that has run out before it arrives.
    private static final Duration SHORTEST_LOCK = Duration.ofDays(1);

    /// Of failures that are not one log's.
    private static final String BUCKET = "";

    private final ShardFiles files;
    private final RootLog root;
    private final S3Bucket bucket;
    private final UnaryOperator<LogStorage> access;
    private final CopyProperties settings;
    private final Duration kept;
    private final Clock clock;
    private final Batches batches = new Batches();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("audit-copier").unstarted(this::run);
    private final CountDownLatch closing = new CountDownLatch(1);

    /// Of the one thread.
    private final Map<String, LogCopy> copies = new HashMap<>();

    private final Map<String, String> archived = new HashMap<>();
    private final Set<String> finished = new HashSet<>();
    private final Set<Trouble> told = new HashSet<>();
    private final CopiedHolds holds;
    private boolean lockable;
    private boolean troubled;

    private final Set<ShardName> wanted = ConcurrentHashMap.newKeySet();
    private final Set<ShardName> confirmed = ConcurrentHashMap.newKeySet();
    private final LongAdder failures = new LongAdder();
    private final LongAdder contradictions = new LongAdder();
    private volatile long behind;
    private volatile Instant whole;

    /// What is told once, until it is over.
    ///
    /// @param origin of the log
    private record Trouble(String origin, boolean altered) {}

    /// @param access how the copy's files are reached; tests make it fail
    /// @param kept   from the end of a shard until it is deleted
    LogCopier(
            ShardFiles files,
            RootLog root,
            S3Bucket bucket,
            UnaryOperator<LogStorage> access,
            CopyProperties settings,
            Duration kept,
            Clock clock) {
        this.files = files;
        this.root = root;
        this.bucket = bucket;
        this.access = access;
        this.settings = settings;
        this.kept = kept;
        this.clock = clock;
        this.holds = new CopiedHolds(bucket, batches);
        this.whole = clock.instant();
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            do {
                round();
            } while (!closing.await(settings.pause().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// One look at everything. For one thread.
    void round() {
        Instant began = clock.instant();
        try {
            if (!lockable) {
                bucket.requireObjectLock();
                lockable = true;
            }
            // What the root log says by now of shards, the copies that follow will have.
            Optional<byte[]> rootNote = files.root().read(LogStorage.CHECKPOINT);
            boolean all = true;
            for (ShardName shard : files.shards()) {
                all &= attempt(files.origin(shard), () -> copy(shard));
            }
            settled(BUCKET);
            if (all && rootNote.isPresent() && attempt(files.rootOrigin(), () -> copyRoot(rootNote.get()))) {
                whole = began;
                troubled = false;
                told.clear();
            }
        } catch (IOException | RuntimeException e) {
            failed(BUCKET, e);
        }
        behind = missing();
        if (isStale() && !troubled) {
            troubled = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the copy of the audit log in {0} lacks something since {1}: no shard is deleted until it is whole",
                    bucket,
                    whole);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private boolean attempt(String origin, Step step) {
        try {
            step.run();
            settled(origin);
            return true;
        } catch (IOException | RuntimeException e) {
            failed(origin, e);
            return false;
        }
    }

    private void settled(String origin) {
        told.removeIf(trouble -> trouble.origin().equals(origin));
    }

    private void failed(String origin, Exception e) {
        if (closing.getCount() == 0) {
            return;
        }
        failures.increment();
        boolean altered = e instanceof AlteredCopy;
        if (altered) {
            contradictions.increment();
        }
        if (told.add(new Trouble(origin, altered))) {
            LOG.log(
                    altered ? System.Logger.Level.ERROR : System.Logger.Level.WARNING,
                    altered
                            ? "the copy of the audit log is not the log''s: {0}. Keep bucket and directory as evidence,"
                                    + " and run postern audit verify over both"
                            : "the audit log is not copied now: {0}",
                    e.getMessage());
        }
    }

    private void copy(ShardName shard) throws IOException {
        String name = shard.value();
        Optional<String> vkey = files.vkey(shard);
        Optional<byte[]> note = files.log(shard).read(LogStorage.CHECKPOINT);
        if (vkey.isEmpty() || note.isEmpty()) {
            return;
        }
        RootState state = root.state();
        RootState.Shard recorded = state.shard(name);
        boolean held = state.isHeld(name);
        ObjectLock lock = new ObjectLock(settings.mode(), until(shard, recorded), held);
        String origin = files.origin(shard);
        LogStorage copy = storage("log/" + origin + "/", lock, false);
        LogCopy known = known(origin, name, vkey.get(), files.log(shard), lock);
        boolean grown = grow(origin, known, note.get(), copy, lock);
        boolean ended = recorded.checkpoint()
                .flatMap(Checkpoint::parse)
                .equals(Checkpoint.parse(new String(note.get(), StandardCharsets.UTF_8)));
        if (ended && (grown || !finished.contains(origin))) {
            finish(origin, shard, note.get(), lock, isLate(shard, recorded));
        }
        holds.apply(origin, name, held, ended);
        if (ended && wanted.contains(shard) && !confirmed.contains(shard)) {
            known.confirm(note.get(), copy);
            confirmed.add(shard);
        }
    }

    private void copyRoot(byte[] note) throws IOException {
        Optional<String> vkey = files.rootVkey();
        if (vkey.isPresent()) {
            String origin = files.rootOrigin();
            ObjectLock lock = new ObjectLock(settings.mode(), from(clock.instant()), false);
            LogStorage copy = storage("log/" + origin + "/", lock, true);
            LogCopy known = known(origin, RootEntry.LOG, vkey.get(), files.root(), lock);
            var _ = grow(origin, known, note, copy, lock);
        }
    }

    /// The copy of a log, whose key is there first.
    private LogCopy known(String origin, String name, String vkey, LogReader log, ObjectLock lock) throws IOException {
        LogCopy known = copies.get(origin);
        if (known == null) {
            NoteVerifier key = NoteVerifier.parse(vkey)
                    .orElseThrow(() -> new IOException("the key of " + origin + " is no verifier key"));
            storage("vkeys/", lock, true).create(name + ".vkey", (vkey + "\n").getBytes(StandardCharsets.UTF_8));
            Optional<String> second = files.secondVkey(name);
            if (second.isPresent()) {
                storage("vkeys/", lock, true)
                        .create(name + ".mldsa44", (second.get() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            known = new LogCopy(log, key, batches);
            copies.put(origin, known);
        }
        return known;
    }

    private boolean grow(String origin, LogCopy known, byte[] note, LogStorage copy, ObjectLock lock)
            throws IOException {
        boolean grown = known.grow(note, copy);
        String hour = HOUR.format(clock.instant());
        if (grown && !hour.equals(archived.get(origin))) {
            archive(origin, hour, note, lock);
            archived.put(origin, hour);
        }
        return grown;
    }

    /// Checkpoints that stay, since `checkpoint` itself can be replaced.
    private void archive(String origin, String when, byte[] note, ObjectLock lock) throws IOException {
        LogStorage archive = storage("checkpoints/" + origin + "/" + when + "/", lock, true);
        if (archive.read(LogStorage.CHECKPOINT).isEmpty()) {
            archive.create(LogStorage.CHECKPOINT, note);
        }
    }

    /// Nothing comes any more: the partial tiles of the end stay, and so does the checkpoint. Once, over all processes;
    /// the last checkpoint once more when it has got cosignatures since.
    ///
    /// @param late whether the locks of its other objects end too early
    private void finish(String origin, ShardName shard, byte[] note, ObjectLock lock, boolean late) throws IOException {
        String last = LAST;
        Optional<byte[]> there = archived(origin, last);
        for (int n = 1; there.isPresent() && !Arrays.equals(there.get(), note); n++) {
            last = LAST + "-" + n;
            there = archived(origin, last);
        }
        if (there.isEmpty()) {
            List<String> objects =
                    late ? new ShardObjects(bucket, origin, shard.value()).names(true) : partials(origin, note);
            batches.each(objects, object -> bucket.lock(object, lock.mode(), lock.until()));
            archive(origin, last, note, lock);
        }
        finished.add(origin);
    }

    private Optional<byte[]> archived(String origin, String when) throws IOException {
        return bucket.read("checkpoints/" + origin + "/" + when + "/" + LogStorage.CHECKPOINT);
    }

    private static List<String> partials(String origin, byte[] note) {
        long size = Checkpoint.parse(new String(note, StandardCharsets.UTF_8))
                .orElseThrow()
                .size();
        return Tile.since(0, size).stream()
                .filter(tile -> !tile.isFull())
                .map(tile -> "log/" + origin + "/" + tile.path())
                .toList();
    }

    private LogStorage storage(String directory, ObjectLock lock, boolean everything) {
        return access.apply(new S3LogStorage(
                bucket,
                directory,
                lock,
                path -> everything || Tile.parse(path).filter(Tile::isFull).isPresent()));
    }

    /// Of a shard that is being written the end is not known: one that ends later than this has locked everything anew.
    private Instant until(ShardName shard, RootState.Shard recorded) {
        Instant expected = expectedEnd(shard);
        Instant now = clock.instant();
        return from(recorded.closed().orElse(expected.isAfter(now) ? expected : now));
    }

    private static boolean isLate(ShardName shard, RootState.Shard recorded) {
        return recorded.closed().filter(expectedEnd(shard)::isBefore).isPresent();
    }

    private static Instant expectedEnd(ShardName shard) {
        return shard.firstDay()
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .plus(WEEK)
                .plus(ALLOWANCE);
    }

    /// Retention may be over already, where a legal hold keeps an old shard.
    private Instant from(Instant end) {
        Instant retained = end.plus(kept);
        Instant shortest = clock.instant().plus(SHORTEST_LOCK);
        return (retained.isAfter(shortest) ? retained : shortest).truncatedTo(ChronoUnit.SECONDS);
    }

    private long missing() {
        long entries = 0;
        try {
            for (ShardName shard : files.shards()) {
                entries += missing(files.origin(shard), files.log(shard));
            }
            return entries + missing(files.rootOrigin(), files.root());
        } catch (IOException | RuntimeException _) {
            return Long.MAX_VALUE;
        }
    }

    private long missing(String origin, LogReader log) throws IOException {
        long published = log.read(LogStorage.CHECKPOINT)
                .flatMap(note -> Checkpoint.parse(new String(note, StandardCharsets.UTF_8)))
                .map(Checkpoint::size)
                .orElse(0L);
        LogCopy copy = copies.get(origin);
        return Math.max(0, published - (copy == null ? 0 : copy.size()));
    }

    /// Only what this process has read back from the copy, whole. Who asks in vain has it read by the next round.
    @Override
    public boolean mayDelete(ShardName shard) {
        wanted.add(shard);
        return confirmed.contains(shard);
    }

    /// Published entries that the copy lacks, as of the last look.
    long behind() {
        return behind;
    }

    /// Since when the copy lacks something: the last look that left nothing to do.
    Duration age() {
        Duration age = Duration.between(whole, clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    boolean isStale() {
        return age().compareTo(settings.behindBound()) > 0;
    }

    /// Steps that failed since the start.
    long failures() {
        return failures.sum();
    }

    /// Looks that found something else in the bucket than was published.
    long contradictions() {
        return contradictions.sum();
    }

    @Override
    public void close() {
        closing.countDown();
        batches.close();
    }
}
