package dev.postern.relay.capture;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A body as it comes, up to a length. Confined to its request's event loop.
final class BodyCopy {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final int longest;
    private long length;

    BodyCopy(int longest) {
        this.longest = longest;
    }

    void add(byte[] octets) {
        kept.write(octets, 0, Math.min(octets.length, longest - kept.size()));
        length += octets.length;
    }

    /// The body, or its beginning and a line that says how long it was.
    byte[] octets() {
        if (length <= longest) {
            return kept.toByteArray();
        }
        byte[] beginning = kept.toByteArray();
        int end = beginning.length;
        // Not within a character.
        while (end > 0 && (beginning[end - 1] & 0xC0) == 0x80) {
            end--;
        }
        boolean wasWithin = end < beginning.length || (end > 0 && beginning[end - 1] < 0);
        int whole = wasWithin && end > 0 ? end - 1 : end;
        ByteArrayOutputStream cut = new ByteArrayOutputStream(whole + 64);
        cut.write(beginning, 0, whole);
        cut.writeBytes(("\n[cut after " + whole + " of " + length + " octets]").getBytes(StandardCharsets.UTF_8));
        return cut.toByteArray();
    }

    boolean isEmpty() {
        return length == 0;
    }
}
