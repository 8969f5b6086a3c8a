package dev.postern.audit.spool;

import dev.postern.audit.spool.SpoolUnavailable.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The one thread that writes: takes what has gathered, writes it at once, forces it with one call, then completes the
/// futures.
///
/// While a force runs, the next batch gathers by itself, so throughput grows with load and an idle spool answers at
/// once.
///
/// To wake a thread costs whoever does it more than all else about an entry. So after entries that are not urgent the
/// writer naps for a few milliseconds, and looks by itself twice in each: who appends the next ones wakes nobody.
final class SpoolWriter {

    private static final int MAX_BATCH = 1024;
    private static final int MAX_QUEUED = 65_536;
    private static final int NAPS = 8;
    private static final long NAP_NANOS = 500_000;

    /// Told by the writer thread.
    interface Listener {
        void written(long last, long bytesInSegment);

        void rolled(long first, Segment segment);

        long bytes();
    }

    /// How soon an entry has to come to the disk.
    enum Haste {
        AT_ONCE,
        /// Within a nap.
        SOON
    }

    private enum Writer {
        AWAKE,
        NAPPING,
        PARKED
    }

    private sealed interface Work {
        record Append(SpoolEntry entry, Haste haste, CompletableFuture<Void> done) implements Work {}

        record Stop() implements Work {}
    }

    private final SpoolDirectory directory;
    private final SpoolSettings settings;
    private final SegmentChannel.Opener opener;
    private final String spoolId;
    private final String run;
    private final Listener listener;
    private final Queue<Work> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicReference<@Nullable Reason> refusal = new AtomicReference<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("audit-spool").unstarted(this::run);

    private long next;
    private long segmentBytes;
    private @Nullable SegmentChannel channel;
    private volatile long currentFirst;
    private volatile boolean finished;
    /// Whether somebody has to wake the writer. Nobody takes a lock to tell it that there is work.
    private volatile Writer writer = Writer.AWAKE;

    SpoolWriter(
            SpoolDirectory directory,
            SpoolSettings settings,
            SegmentChannel.Opener opener,
            String spoolId,
            String run,
            long next,
            Listener listener) {
        this.directory = directory;
        this.settings = settings;
        this.opener = opener;
        this.spoolId = spoolId;
        this.run = run;
        this.next = next;
        this.currentFirst = next;
        this.listener = listener;
    }

    void start() {
        thread.start();
    }

    boolean writable() {
        return refusal.get() == null;
    }

    /// First number of the file being written, or of the next one.
    long currentFirst() {
        return currentFirst;
    }

    CompletableFuture<Void> append(SpoolEntry entry, Haste haste) {
        Reason reason = refusal.get();
        if (reason == null && (queued.get() >= MAX_QUEUED || listener.bytes() >= settings.maxBytes())) {
            reason = Reason.FULL;
        }
        if (reason != null) {
            return CompletableFuture.failedFuture(new SpoolUnavailable(reason));
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        add(new Work.Append(entry, haste, done), haste);
        if (finished) {
            // The writer emptied the queue before this entry came: nobody else will answer.
            refuseQueued();
        }
        return done;
    }

    void close() {
        refusal.compareAndSet(null, Reason.CLOSED);
        add(new Work.Stop(), Haste.AT_ONCE);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                // What was accepted must reach the disk first; the interruption is kept for the caller.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(Work work, Haste haste) {
        queued.incrementAndGet();
        queue.add(work);
        // In this order, as the writer says what it does and then looks once more.
        boolean wake = switch (writer) {
            case AWAKE -> false;
            case NAPPING -> haste == Haste.AT_ONCE;
            case PARKED -> true;
        };
        if (wake) {
            LockSupport.unpark(thread);
        }
    }

    private void awaitWork(int naps) throws InterruptedException {
        for (int nap = 0; nap < naps && queue.isEmpty(); nap++) {
            writer = Writer.NAPPING;
            if (queue.isEmpty()) {
                LockSupport.parkNanos(this, NAP_NANOS);
            }
        }
        while (queue.isEmpty()) {
            writer = Writer.PARKED;
            if (queue.isEmpty()) {
                LockSupport.park(this);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        writer = Writer.AWAKE;
    }

    private static boolean isPatient(Work work) {
        return work instanceof Work.Append append && append.haste() == Haste.SOON;
    }

    private void drainTo(List<Work> work, int most) {
        for (int i = 0; i < most; i++) {
            Work next = queue.poll();
            if (next == null) {
                return;
            }
            queued.decrementAndGet();
            work.add(next);
        }
    }

    private void run() {
        List<Work> work = new ArrayList<>(MAX_BATCH);
        try {
            while (!work.contains(new Work.Stop())) {
                int naps = work.stream().anyMatch(SpoolWriter::isPatient) ? NAPS : 0;
                work.clear();
                awaitWork(naps);
                drainTo(work, MAX_BATCH);
                write(work);
            }
            closeChannel();
        } catch (IOException | RuntimeException | InterruptedException _) {
            refusal.set(Reason.FAILED);
            refuse(work);
        } finally {
            refusal.compareAndSet(null, Reason.FAILED);
            finished = true;
            refuseQueued();
        }
    }

    private void write(List<Work> work) throws IOException {
        List<Frame> frames = new ArrayList<>(work.size());
        List<CompletableFuture<Void>> written = new ArrayList<>(work.size());
        for (Work item : work) {
            if (item instanceof Work.Append append) {
                encode(append, next + frames.size()).ifPresent(frame -> {
                    frames.add(frame);
                    written.add(append.done());
                });
            }
        }
        if (frames.isEmpty()) {
            return;
        }
        int bytes = frames.stream().mapToInt(Frame::size).sum();
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        frames.forEach(frame -> frame.put(buffer));
        SegmentChannel current = channel();
        current.write(buffer.flip());
        current.force();
        next += frames.size();
        segmentBytes += bytes;
        listener.written(next - 1, segmentBytes);
        written.forEach(done -> done.complete(null));
        if (segmentBytes >= settings.segmentBytes()) {
            roll();
        }
    }

    /// An entry that cannot be encoded fails alone and takes no number.
    private Optional<Frame> encode(Work.Append append, long number) {
        try {
            byte[] payload = append.entry().encode(new EntryNumber(spoolId, run, number));
            if (payload.length >= 1 && payload.length <= Frame.MAX_PAYLOAD) {
                return Optional.of(new Frame(number, payload));
            }
            append.done().completeExceptionally(new IllegalArgumentException("an audit entry of impossible size"));
        } catch (RuntimeException e) {
            append.done().completeExceptionally(e);
        }
        return Optional.empty();
    }

    private SegmentChannel channel() throws IOException {
        SegmentChannel current = channel;
        if (current == null) {
            current = opener.create(directory.segment(next));
            directory.force();
            channel = current;
        }
        return current;
    }

    private void roll() throws IOException {
        closeChannel();
        long first = currentFirst;
        Segment full = new Segment(directory.segment(first), next - 1, segmentBytes);
        segmentBytes = 0;
        listener.rolled(first, full);
        currentFirst = next;
    }

    private void closeChannel() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    private void refuseQueued() {
        List<Work> left = new ArrayList<>();
        drainTo(left, Integer.MAX_VALUE);
        refuse(left);
    }

    private void refuse(List<Work> work) {
        Reason reason = refusal.get();
        for (Work item : work) {
            if (item instanceof Work.Append append) {
                append.done().completeExceptionally(new SpoolUnavailable(reason == null ? Reason.FAILED : reason));
            }
        }
    }
}
