package dev.postern.audit.spool;

import dev.postern.audit.spool.SpoolDirectory.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// A durable, numbered queue.
///
/// Guarantee: once the future of [#append] completes, the entry survives a crash and is read in order until
/// acknowledged; numbers have no holes, restarts included. Non-guarantee: an entry whose future has not completed may
/// or may not survive, and an acknowledged entry may be read again after a crash (the receiver must know it by its
/// identifier).
///
/// Threads: anyone may append; one thread reads; one thread acknowledges. Only the writer thread touches the current
/// file. The one lock guards the segment list and the two positions and is never held across input or output, except to
/// delete.
public final class Spool implements AutoCloseable {

    private final SpoolDirectory directory;
    private final String spoolId;
    private final List<MissingRange> missing;
    private final SpoolWriter writer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final NavigableMap<Long, Segment> segments;
    private long durable;
    private long acknowledged;
    private long currentBytes;
    /// The acknowledged position on disk. Only the acknowledging thread uses it.
    private long stored;
    private long closedBytes;
    /// Both sums together, for who appends: that takes no lock.
    private volatile long bytes;

    private Spool(
            SpoolDirectory directory,
            Recovery recovery,
            SpoolSettings settings,
            SegmentChannel.Opener opener,
            String run) {
        this.directory = directory;
        this.spoolId = recovery.state().spool();
        this.missing = recovery.missing();
        this.segments = recovery.segments();
        this.durable = recovery.last();
        this.acknowledged = recovery.state().acknowledged();
        this.stored = acknowledged;
        this.closedBytes = recovery.bytes();
        this.bytes = closedBytes;
        this.writer = new SpoolWriter(directory, settings, opener, spoolId, run, recovery.last() + 1, new Progress());
    }

    public static Spool open(SpoolSettings settings, RandomGenerator random) throws IOException {
        return open(settings, random, SegmentChannel::file);
    }

    static Spool open(SpoolSettings settings, RandomGenerator random, SegmentChannel.Opener opener) throws IOException {
        SpoolDirectory directory = SpoolDirectory.open(settings.directory());
        try {
            Recovery recovery = Recovery.of(directory, random);
            Spool spool = new Spool(directory, recovery, settings, opener, String.format("%08x", random.nextInt()));
            spool.dropAcknowledgedSegments();
            spool.writer.start();
            return spool;
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /// The name under which it numbers entries; another one once its directory was lost.
    public String id() {
        return spoolId;
    }

    /// What recovery could not read.
    public List<MissingRange> missing() {
        return missing;
    }

    /// Completes when the entry is on disk; fails with [SpoolUnavailable].
    public CompletableFuture<Void> append(SpoolEntry entry) {
        return writer.append(entry, SpoolWriter.Haste.AT_ONCE);
    }

    /// As [#append], for entries that nobody waits for: they may gather for half a millisecond, which costs the caller
    /// less.
    public CompletableFuture<Void> appendSoon(SpoolEntry entry) {
        return writer.append(entry, SpoolWriter.Haste.SOON);
    }

    /// A forward reader of everything not yet acknowledged. For one thread.
    public SpoolReader reader() {
        lock.lock();
        try {
            return new SpoolReader(this, acknowledged);
        } finally {
            lock.unlock();
        }
    }

    /// Everything up to and including `sequence` is delivered. Files that hold nothing else are deleted.
    public void acknowledge(long sequence) throws IOException {
        lock.lock();
        try {
            acknowledged = Math.max(acknowledged, Math.min(sequence, durable));
        } finally {
            lock.unlock();
        }
        dropAcknowledgedSegments();
    }

    /// The position goes to disk before any file is deleted: otherwise a crash in between would give old numbers again.
    private void dropAcknowledgedSegments() throws IOException {
        List<Segment> delivered;
        SpoolState state;
        lock.lock();
        try {
            state = new SpoolState(spoolId, acknowledged);
            delivered = segments.values().stream()
                    .takeWhile(segment -> segment.last() <= state.acknowledged())
                    .toList();
        } finally {
            lock.unlock();
        }
        if (delivered.isEmpty() && state.acknowledged() == stored) {
            return;
        }
        directory.writeState(state.bytes(), delivered.isEmpty() ? Durability.PROCESS_CRASH : Durability.POWER_LOSS);
        stored = state.acknowledged();
        for (Segment segment : delivered) {
            Files.deleteIfExists(segment.file());
        }
        lock.lock();
        try {
            for (Segment segment : delivered) {
                segments.pollFirstEntry();
                closedBytes -= segment.bytes();
            }
            bytes = closedBytes + currentBytes;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until an entry after `sequence` is on disk. Returns early on interruption.
    public boolean awaitAfter(long sequence, long timeout, TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(timeout);
        lock.lockInterruptibly();
        try {
            while (durable <= sequence && left > 0) {
                left = changed.awaitNanos(left);
            }
            return durable > sequence;
        } finally {
            lock.unlock();
        }
    }

    public SpoolProgress progress() {
        lock.lock();
        try {
            return new SpoolProgress(durable, acknowledged, closedBytes + currentBytes, writer.writable());
        } finally {
            lock.unlock();
        }
    }

    /// The file in which `sequence` stands, or stood at the end of what recovery found; with the number up to which it
    /// may be read.
    ReadableSegment segmentOf(long sequence) {
        lock.lock();
        try {
            Map.Entry<Long, Segment> closed = segments.floorEntry(sequence);
            if (closed != null && sequence <= closed.getValue().last()) {
                return new ReadableSegment(
                        closed.getValue().file(), closed.getValue().last());
            }
            Map.Entry<Long, Segment> next = segments.higherEntry(sequence);
            if (next != null) {
                return new ReadableSegment(
                        next.getValue().file(), next.getValue().last());
            }
            return new ReadableSegment(directory.segment(writer.currentFirst()), durable);
        } finally {
            lock.unlock();
        }
    }

    /// Where the reader finds its next entry.
    ///
    /// @param last  entries up to this number are on disk
    record ReadableSegment(java.nio.file.Path file, long last) {}

    /// Takes no more entries; what was taken is on disk, or was refused, when this returns. Reading goes on.
    public void stop() {
        writer.close();
    }

    /// [#stop], and lets go of the directory.
    @Override
    public void close() throws IOException {
        stop();
        try (directory) {
            directory.writeState(new SpoolState(spoolId, progress().acknowledged()).bytes(), Durability.POWER_LOSS);
        }
    }

    /// What the writer thread tells: positions only ever move here.
    private final class Progress implements SpoolWriter.Listener {
        @Override
        public void written(long last, long bytesInSegment) {
            lock.lock();
            try {
                durable = last;
                currentBytes = bytesInSegment;
                bytes = closedBytes + currentBytes;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void rolled(long first, Segment segment) {
            lock.lock();
            try {
                segments.put(first, segment);
                closedBytes += segment.bytes();
                currentBytes = 0;
                bytes = closedBytes;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long bytes() {
            return bytes;
        }
    }
}
