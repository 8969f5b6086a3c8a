package dev.postern.redact.vectorscan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What a thread needs while it scans: room for a piece of text, the library's scratch, and the hits. One thread at a
/// time.
public final class WorkingMemory {
    private final PatternDatabase database;
    private final MemorySegment scratch;
    private final MemorySegment block;
    private final Hits hits = new Hits();
    private final MemorySegment listener;

    /// @param largest bytes of a piece
    public WorkingMemory(PatternDatabase database, int largest) {
        this.database = database;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(ValueLayout.ADDRESS);
            int code = Vectorscan.call(() -> (int) database.library.allocScratch.invokeExact(database.database, made));
            if (code != Vectorscan.SUCCESS) {
                throw new IllegalStateException("Vectorscan gives no scratch: " + code);
            }
            this.scratch = PatternDatabase.owned(made, database.library.freeScratch);
        }
        this.block = Arena.ofAuto().allocate(largest);
        this.listener = hits.listener(Arena.ofAuto());
    }

    /// All matches in one text, its first `length` bytes; valid until the next call.
    public Hits scan(byte[] bytes, int length) {
        MemorySegment.copy(bytes, 0, block, ValueLayout.JAVA_BYTE, 0, length);
        hits.clear();
        hits.check(Vectorscan.call(() -> (int) database.library.scan.invokeExact(
                database.database, block, length, 0, scratch, listener, MemorySegment.NULL)));
        return hits;
    }
}
