package dev.postern.session;

import java.util.Arrays;

/// A sliding window over sequence numbers (RFC 6479): a ring of 64-bit blocks, at least one of them spare, so that
/// moving forward clears whole blocks and never shifts bits. As many blocks as a power of two: every frame looks for
/// its block, and a mask finds it faster than a division.
///
/// **Guarantee.** After `mark(n)`, `peek(n)` never again says FRESH. **No guarantee** of order: numbers inside the
/// window may come in any. A number below the window is TOO_OLD, whether it was seen or not. For one thread.
public final class ReplayWindow {
    private static final int BLOCK_BITS = 64;
    /// The window of ordered paths.
    public static final int DEFAULT_BITS = 1024;
    /// The largest window, for paths through a broker.
    public static final int MAX_BITS = 8192;

    private final int bits;
    private final long[] blocks;
    private long highest = -1;

    /// What the window knows about a number.
    public enum Verdict {
        FRESH,
        DUPLICATE,
        TOO_OLD
    }

    /// A window of this many numbers: a multiple of 64, at most [#MAX_BITS].
    public ReplayWindow(int bits) {
        if (!valid(bits)) {
            throw new IllegalArgumentException("a replay window has 64 to 8192 bits in steps of 64, not " + bits);
        }
        this.bits = bits;
        this.blocks = new long[Integer.highestOneBit(bits / BLOCK_BITS) * 2];
    }

    static boolean valid(int bits) {
        return bits >= BLOCK_BITS && bits <= MAX_BITS && bits % BLOCK_BITS == 0;
    }

    /// Looks and changes nothing: asked before the tag is verified.
    public Verdict peek(long seq) {
        if (seq < 0) {
            throw new IllegalArgumentException("sequence numbers are not negative");
        }
        if (seq > highest) {
            return Verdict.FRESH;
        }
        if (highest - seq >= bits) {
            return Verdict.TOO_OLD;
        }
        return (blocks[slot(seq >> 6)] & bit(seq)) == 0 ? Verdict.FRESH : Verdict.DUPLICATE;
    }

    /// Records a number that `peek` called FRESH and whose frame verified: asked only after the tag is.
    public void mark(long seq) {
        if (peek(seq) != Verdict.FRESH) {
            throw new IllegalStateException("only a fresh number is marked");
        }
        if (seq > highest) {
            long from = highest >> 6;
            long skipped = Math.min((seq >> 6) - from, blocks.length);
            if (skipped == blocks.length) {
                Arrays.fill(blocks, 0);
            } else {
                for (long i = 1; i <= skipped; i++) {
                    blocks[slot(from + i)] = 0;
                }
            }
            highest = seq;
        }
        blocks[slot(seq >> 6)] |= bit(seq);
    }

    /// The highest number marked, or -1.
    public long highest() {
        return highest;
    }

    private int slot(long block) {
        return (int) block & (blocks.length - 1);
    }

    private static long bit(long seq) {
        return 1L << (seq & (BLOCK_BITS - 1));
    }
}
