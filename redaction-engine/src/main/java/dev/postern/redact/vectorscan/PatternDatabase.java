package dev.postern.redact.vectorscan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// Expressions compiled for one pass. Immutable; safe for any number of threads. Its native memory is freed after it
/// and all that was made from it are unreachable.
// Calling native code is what this package is for.
@SuppressWarnings("restricted")
public final class PatternDatabase {
    final Vectorscan library;
    final MemorySegment database;

    private PatternDatabase(Vectorscan library, MemorySegment database) {
        this.library = library;
        this.database = database;
    }

    /// An expression is matched byte by byte; its number is its place in the list.
    ///
    /// @throws VectorscanUnavailable when the library does not take an expression; the message holds its number
    public static PatternDatabase compile(Vectorscan library, List<String> expressions) throws VectorscanUnavailable {
        try (Arena arena = Arena.ofConfined()) {
            int count = expressions.size();
            MemorySegment texts = arena.allocate(ValueLayout.ADDRESS, count);
            MemorySegment ids = arena.allocate(ValueLayout.JAVA_INT, count);
            for (int i = 0; i < count; i++) {
                texts.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(expressions.get(i)));
                ids.setAtIndex(ValueLayout.JAVA_INT, i, i);
            }
            MemorySegment made = arena.allocate(ValueLayout.ADDRESS);
            MemorySegment error = arena.allocate(ValueLayout.ADDRESS);
            int code = Vectorscan.call(() -> (int) library.compileMulti.invokeExact(
                    texts, MemorySegment.NULL, ids, count, Vectorscan.BLOCK, MemorySegment.NULL, made, error));
            if (code != Vectorscan.SUCCESS) {
                throw new VectorscanUnavailable(sentence(library, error.get(ValueLayout.ADDRESS, 0)));
            }
            return new PatternDatabase(library, owned(made, library.freeDatabase));
        }
    }

    private static String sentence(Vectorscan library, MemorySegment pointer) {
        MemorySegment error = pointer.reinterpret(ValueLayout.ADDRESS.byteSize() + ValueLayout.JAVA_INT.byteSize());
        String message = error.get(ValueLayout.ADDRESS, 0).reinterpret(1024).getString(0);
        int expression = error.get(ValueLayout.JAVA_INT, ValueLayout.ADDRESS.byteSize());
        int _ = Vectorscan.call(() -> (int) library.freeCompileError.invokeExact(pointer));
        return "it does not compile expression " + expression + ": " + message;
    }

    /// What a pointer points to, freed when nobody reaches it.
    static MemorySegment owned(MemorySegment pointer, MethodHandle free) {
        return pointer.get(ValueLayout.ADDRESS, 0).reinterpret(Arena.ofAuto(), it -> {
            int _ = Vectorscan.call(() -> (int) free.invokeExact(it));
        });
    }

    /// Octets of native memory.
    public long size() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
            int code = Vectorscan.call(() -> (int) library.databaseSize.invokeExact(database, size));
            if (code != Vectorscan.SUCCESS) {
                throw new IllegalStateException("Vectorscan answers " + code);
            }
            return size.get(ValueLayout.JAVA_LONG, 0);
        }
    }
}
