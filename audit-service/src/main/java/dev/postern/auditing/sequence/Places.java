package dev.postern.auditing.sequence;

import java.util.OptionalLong;

/// The packed position of each event: an open-addressed table of 24 bytes a slot, so 32 to 64 bytes an event. Keys are
/// never removed. Guarded by its owner.
final class Places {

    private static final int WIDTH = 3;

    private long[] slots = new long[64 * WIDTH];
    private int size;

    /// The last position given for a key stands.
    void put(EventKey key, long position) {
        if (size >= capacity() / 4 * 3) {
            grow();
        }
        size += put(slots, key.high(), key.low(), position + 1) ? 1 : 0;
    }

    OptionalLong find(EventKey key) {
        int at = slot(slots, key.high(), key.low());
        return slots[at + 2] == 0 ? OptionalLong.empty() : OptionalLong.of(slots[at + 2] - 1);
    }

    private int capacity() {
        return slots.length / WIDTH;
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(slots.length, 2)];
        for (int at = 0; at < slots.length; at += WIDTH) {
            if (slots[at + 2] != 0) {
                put(larger, slots[at], slots[at + 1], slots[at + 2]);
            }
        }
        slots = larger;
    }

    /// Whether the key is new. A stored position is one more than the position: zero marks a free slot.
    private static boolean put(long[] slots, long high, long low, long stored) {
        int at = slot(slots, high, low);
        boolean added = slots[at + 2] == 0;
        slots[at] = high;
        slots[at + 1] = low;
        slots[at + 2] = stored;
        return added;
    }

    /// The slot that holds the key, or the free one where it belongs. Keys are digests: their low bits are their hash.
    private static int slot(long[] slots, long high, long low) {
        int mask = slots.length / WIDTH - 1;
        int index = (int) low & mask;
        while (true) {
            int at = index * WIDTH;
            if (slots[at + 2] == 0 || (slots[at] == high && slots[at + 1] == low)) {
                return at;
            }
            index = index + 1 & mask;
        }
    }
}
