package dev.postern.audit.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a spool's entries in order, once each, never beyond what is on disk. For one thread.
public final class SpoolReader implements Closeable {

    private final Spool spool;
    private long last;
    private @Nullable Path file;
    private @Nullable FileChannel channel;
    private long offset;

    SpoolReader(Spool spool, long acknowledged) {
        this.spool = spool;
        this.last = acknowledged;
    }

    /// The number of the entry read last.
    public long position() {
        return last;
    }

    /// The next entries, at most `maxEntries` and, unless the first alone is longer, `maxBytes`; none if there are
    /// none.
    ///
    /// @throws IOException also when a frame that was intact at the start is so no longer
    public List<StoredEntry> next(int maxEntries, int maxBytes) throws IOException {
        List<StoredEntry> entries = new ArrayList<>();
        int bytes = 0;
        while (entries.size() < maxEntries) {
            Spool.ReadableSegment segment = spool.segmentOf(last + 1);
            if (segment.last() <= last) {
                break;
            }
            Optional<Frame> read = read(segment.file());
            if (read.isEmpty()) {
                throw new IOException("an entry of the audit spool is no longer readable");
            }
            Frame frame = read.get();
            boolean wanted = frame.sequence() > last;
            if (wanted && !entries.isEmpty() && bytes + frame.payload().length > maxBytes) {
                break;
            }
            offset += frame.size();
            if (wanted) {
                entries.add(new StoredEntry(frame.sequence(), frame.payload()));
                bytes += frame.payload().length;
                last = frame.sequence();
            }
        }
        return entries;
    }

    private Optional<Frame> read(Path segment) throws IOException {
        FileChannel from = at(segment);
        ByteBuffer header = ByteBuffer.allocate(Frame.HEADER);
        fill(from, header, offset);
        int length = header.remaining() < Frame.HEADER ? -1 : header.getInt(0);
        if (length < 1 || length > Frame.MAX_PAYLOAD) {
            return Optional.empty();
        }
        ByteBuffer whole = ByteBuffer.allocate(Frame.HEADER + length);
        fill(from, whole, offset);
        return Frame.at(whole, 0);
    }

    private FileChannel at(Path segment) throws IOException {
        FileChannel open = channel;
        if (open == null || !segment.equals(file)) {
            close();
            open = FileChannel.open(segment, StandardOpenOption.READ);
            channel = open;
            file = segment;
            offset = 0;
        }
        return open;
    }

    private static void fill(FileChannel from, ByteBuffer buffer, long position) throws IOException {
        while (buffer.hasRemaining() && from.read(buffer, position + buffer.position()) > 0) {
            // Short reads are allowed to happen.
        }
        buffer.flip();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
            file = null;
        }
    }
}
