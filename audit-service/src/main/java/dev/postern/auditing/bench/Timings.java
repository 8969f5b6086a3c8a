package dev.postern.auditing.bench;

import java.util.Arrays;

/// What some calls took. For one thread.
final class Timings {
    private final long[] nanos;
    private int count;

    Timings(int most) {
        this.nanos = new long[most];
    }

    void add(long took) {
        nanos[count++] = took;
    }

    /// The time below which this share of the calls stayed, in microseconds.
    double micros(double share) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return count == 0 ? 0 : sorted[Math.min(count - 1, (int) (share * count))] / 1000.0;
    }
}
