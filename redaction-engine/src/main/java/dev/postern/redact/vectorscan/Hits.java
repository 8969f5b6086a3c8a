package dev.postern.redact.vectorscan;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the library reported: which expression, and where its match ended. One thread.
// Calling native code is what this package is for.
@SuppressWarnings("restricted")
public final class Hits {
    private static final int GO_ON = 0;
    private static final int STOP = 1;

    private int[] expressions = new int[256];
    private long[] ends = new long[256];
    private int count;
    private @Nullable Throwable failure;

    Hits() {}

    /// A function for the library to call, which adds to these.
    MemorySegment listener(Arena arena) {
        try {
            MethodHandle add = MethodHandles.lookup()
                    .bind(
                            this,
                            "add",
                            MethodType.methodType(
                                    int.class, int.class, long.class, long.class, int.class, MemorySegment.class));
            return Linker.nativeLinker().upcallStub(add, Vectorscan.ON_MATCH, arena);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    // Called by the library. What is thrown into native code ends the process, so it is kept for later.
    @SuppressWarnings("unused")
    private int add(int expression, long from, long to, int flags, MemorySegment context) {
        try {
            if (count == expressions.length) {
                expressions = Arrays.copyOf(expressions, 2 * count);
                ends = Arrays.copyOf(ends, 2 * count);
            }
            expressions[count] = expression;
            ends[count++] = to;
            return GO_ON;
        } catch (OutOfMemoryError e) {
            failure = e;
            return STOP;
        }
    }

    void clear() {
        count = 0;
        failure = null;
    }

    /// Fails when not all was reported: a scan that ended early has not seen the text.
    void check(int code) {
        if (failure != null) {
            throw new IllegalStateException("a scan ended early", failure);
        }
        if (code != Vectorscan.SUCCESS) {
            throw new IllegalStateException("Vectorscan answers " + code);
        }
    }

    public int count() {
        return count;
    }

    public int expression(int index) {
        return expressions[index];
    }

    /// The offset after the last byte of the match.
    public long end(int index) {
        return ends[index];
    }
}
