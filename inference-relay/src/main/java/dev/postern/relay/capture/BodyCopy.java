package dev.postern.relay.capture;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A body as it comes, up to a length, within a room that all copies share: where there is none left, there is no copy.
/// Confined to its request's event loop.
final class BodyCopy implements AutoCloseable {
    private static final int FIRST = 1024;

    private final int longest;
    private final CaptureRoom room;
    /// As long as the room that was taken.
    private byte[] kept = new byte[0];

    private int size;
    private long length;
    private boolean dropped;

    BodyCopy(int longest, CaptureRoom room) {
        this.longest = longest;
        this.room = room;
    }

    void add(byte[] octets) {
        int more = Math.min(octets.length, longest - size);
        length += octets.length;
        if (!dropped && reserve(size + more)) {
            System.arraycopy(octets, 0, kept, size, more);
            size += more;
        }
    }

    private boolean reserve(int octets) {
        if (octets <= kept.length) {
            return true;
        }
        int capacity = Math.min(longest, Math.max(octets, Math.max(FIRST, 2 * kept.length)));
        if (!room.take(capacity - kept.length)) {
            close();
            dropped = true;
            return false;
        }
        byte[] grown = Arrays.copyOf(kept, capacity);
        Arrays.fill(kept, (byte) 0);
        kept = grown;
        return true;
    }

    /// The body, or its beginning and a line that says how long it was.
    byte[] octets() {
        if (length <= longest) {
            return Arrays.copyOf(kept, size);
        }
        int end = size;
        // Not within a character.
        while (end > 0 && (kept[end - 1] & 0xC0) == 0x80) {
            end--;
        }
        boolean wasWithin = end < size || (end > 0 && kept[end - 1] < 0);
        int whole = wasWithin && end > 0 ? end - 1 : end;
        ByteArrayOutputStream cut = new ByteArrayOutputStream(whole + 64);
        cut.write(kept, 0, whole);
        cut.writeBytes(("\n[cut after " + whole + " of " + length + " octets]").getBytes(StandardCharsets.UTF_8));
        return cut.toByteArray();
    }

    boolean isEmpty() {
        return length == 0;
    }

    /// Whether there was no room for it.
    boolean isDropped() {
        return dropped;
    }

    /// Erases it and gives its room back.
    @Override
    public void close() {
        Arrays.fill(kept, (byte) 0);
        room.give(kept.length);
        kept = new byte[0];
        size = 0;
    }
}
