package dev.postern.auditing.sequence;

import java.util.Arrays;

/// A growing list of packed positions, eight bytes each. Guarded by its owner.
final class Positions {

    private long[] values = new long[16];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    long get(int i) {
        return values[i];
    }

    /// How many values are below `bound`; values rise.
    int below(long bound) {
        int found = Arrays.binarySearch(values, 0, size, bound);
        return found >= 0 ? found : -found - 1;
    }
}
