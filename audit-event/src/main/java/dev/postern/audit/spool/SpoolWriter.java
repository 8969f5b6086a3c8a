package dev.postern.audit.spool;

import dev.postern.audit.spool.SpoolUnavailable.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The one thread that writes: takes what has gathered, writes it at once, forces it with one call, then completes the
/// futures.
///
/// While a force runs, the next batch gathers by itself, so throughput grows with load and an idle spool answers at
/// once.
final class SpoolWriter {

    private static final int MAX_BATCH = 1024;
    private static final int MAX_QUEUED = 65_536;

    /// Told by the writer thread.
    interface Listener {
        void written(long last, long bytesInSegment);

        void rolled(long first, Segment segment);

        long bytes();
    }

    private sealed interface Work {
        record Append(SpoolEntry entry, CompletableFuture<Void> done) implements Work {}

        record Stop() implements Work {}
    }

    private final SpoolDirectory directory;
    private final SpoolSettings settings;
    private final SegmentChannel.Opener opener;
    private final String spoolId;
    private final String run;
    private final Listener listener;
    private final LinkedBlockingQueue<Work> queue = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Reason> refusal = new AtomicReference<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("audit-spool").unstarted(this::run);

    private long next;
    private long segmentBytes;
    private @Nullable SegmentChannel channel;
    private volatile long currentFirst;
    private volatile boolean finished;

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

    CompletableFuture<Void> append(SpoolEntry entry) {
        Reason reason = refusal.get();
        if (reason == null && (queue.size() >= MAX_QUEUED || listener.bytes() >= settings.maxBytes())) {
            reason = Reason.FULL;
        }
        if (reason != null) {
            return CompletableFuture.failedFuture(new SpoolUnavailable(reason));
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        queue.add(new Work.Append(entry, done));
        if (finished) {
            // The writer emptied the queue before this entry came: nobody else will answer.
            refuseQueued();
        }
        return done;
    }

    void close() {
        refusal.compareAndSet(null, Reason.CLOSED);
        queue.add(new Work.Stop());
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

    private void run() {
        List<Work> work = new ArrayList<>(MAX_BATCH);
        try {
            while (!work.contains(new Work.Stop())) {
                work.clear();
                work.add(queue.take());
                queue.drainTo(work, MAX_BATCH - 1);
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
        queue.drainTo(left);
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
