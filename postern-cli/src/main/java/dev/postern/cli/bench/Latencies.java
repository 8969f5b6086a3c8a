package dev.postern.cli.bench;

import java.util.Arrays;

/// Collects durations, in microseconds where nothing else is said. For one thread; merge when all threads are done.
public final class Latencies {
    private long[] values = new long[16];
    private int count;

    public void add(long micros) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = micros;
    }

    public void addAll(Latencies other) {
        for (int i = 0; i < other.count; i++) {
            add(other.values[i]);
        }
    }

    /// All of them in another unit.
    public Latencies times(long factor) {
        Latencies other = new Latencies();
        for (int i = 0; i < count; i++) {
            other.add(values[i] * factor);
        }
        return other;
    }

    public int count() {
        return count;
    }

    /// The value below which this share of all values lies, 0 when there are none.
    public long percentile(double share) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, (int) (share * count))];
    }
}
