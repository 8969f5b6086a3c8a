package dev.postern.kms.envelope;

import java.time.Instant;
import java.util.Arrays;

/// A data key as it is stored: wrapped by key management, which alone can open it.
public final class WrappedKey {
    private final KeyUse use;
    private final int generation;
    private final Instant madeAt;
    private final byte[] wrapped;

    public WrappedKey(KeyUse use, int generation, Instant madeAt, byte[] wrapped) {
        if (generation < 1) {
            throw new IllegalArgumentException("generations of keys count up from 1");
        }
        this.use = use;
        this.generation = generation;
        this.madeAt = madeAt;
        this.wrapped = wrapped.clone();
    }

    public KeyUse use() {
        return use;
    }

    /// Counts up from 1 for each use.
    public int generation() {
        return generation;
    }

    /// In whole milliseconds.
    public Instant madeAt() {
        return madeAt;
    }

    public byte[] wrapped() {
        return wrapped.clone();
    }

    /// Whether both are the same key in the same wrapping: each wrapping is another one.
    boolean isSame(WrappedKey other) {
        return use == other.use && generation == other.generation && Arrays.equals(wrapped, other.wrapped);
    }

    @Override
    public String toString() {
        return "WrappedKey[" + use + ' ' + generation + "]";
    }
}
