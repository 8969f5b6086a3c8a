package dev.postern.redact.scan;

import java.util.Arrays;

/// Places and items, to be read in the order of places, then items, each once. One thread.
final class Sorted {
    private long[] all = new long[64];
    private int count;

    void add(int place, int item) {
        if (count == all.length) {
            all = Arrays.copyOf(all, 2 * count);
        }
        all[count++] = (long) place << Integer.SIZE | item;
    }

    void sort() {
        Arrays.sort(all, 0, count);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (kept == 0 || all[i] != all[kept - 1]) {
                all[kept++] = all[i];
            }
        }
        count = kept;
    }

    /// The first entry at a place, or after it; when sorted.
    int from(int place) {
        int found = Arrays.binarySearch(all, 0, count, (long) place << Integer.SIZE);
        return found >= 0 ? found : -found - 1;
    }

    int place(int index) {
        return (int) (all[index] >> Integer.SIZE);
    }

    int item(int index) {
        return (int) all[index];
    }

    void clear() {
        count = 0;
    }
}
