package dev.postern.redact.vectorscan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Bytes that arrive in pieces. Its native state, [PatternDatabase#streamSize()] octets, lives until it is closed. One
/// thread at a time.
public final class PatternStream implements AutoCloseable {
    private final PatternDatabase database;
    private final MemorySegment stream;
    private boolean closed;

    public PatternStream(PatternDatabase database) {
        if (database.mode() != PatternDatabase.Mode.STREAM) {
            throw new IllegalArgumentException("not compiled for streams");
        }
        this.database = database;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(ValueLayout.ADDRESS);
            int code = Vectorscan.call(() -> (int) database.library.openStream.invokeExact(database.database, 0, made));
            if (code != Vectorscan.SUCCESS) {
                throw new IllegalStateException("Vectorscan opens no stream: " + code);
            }
            stream = made.get(ValueLayout.ADDRESS, 0);
        }
    }

    /// All matches that end in this piece, with ends counted from the start of the stream.
    ///
    /// @param working of the same database, used by nobody else meanwhile
    public Hits feed(byte[] bytes, int length, WorkingMemory working) {
        if (closed) {
            throw new IllegalStateException("the stream is closed");
        }
        return working.hits(bytes, length, (block, scratch, listener) -> (int) database.library.scanStream.invokeExact(
                stream, block, length, 0, scratch, listener, MemorySegment.NULL));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            int _ = Vectorscan.call(() -> (int) database.library.closeStream.invokeExact(
                    stream, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL));
        }
    }
}
