package dev.postern.audit.spool;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/// One entry in a segment file: `length(4) crc32c(4) sequence(8) payload(length)`, big-endian; the CRC covers length,
/// sequence and payload.
///
/// @param sequence  the entry's number
/// @param payload   the entry's bytes, at least one
@SuppressWarnings("ArrayRecordComponent") // Never compared; a copy per entry would buy nothing.
record Frame(long sequence, byte[] payload) {

    static final int HEADER = 16;
    static final int MAX_PAYLOAD = 1 << 20;

    int size() {
        return HEADER + payload.length;
    }

    void put(ByteBuffer out) {
        out.putInt(payload.length).putInt(crc(payload.length, sequence, ByteBuffer.wrap(payload)));
        out.putLong(sequence).put(payload);
    }

    /// The frame that starts at `offset`, if a whole, intact one does.
    static Optional<Frame> at(ByteBuffer segment, int offset) {
        if (segment.limit() - offset < HEADER) {
            return Optional.empty();
        }
        int length = segment.getInt(offset);
        if (length < 1 || length > MAX_PAYLOAD || segment.limit() - offset - HEADER < length) {
            return Optional.empty();
        }
        long sequence = segment.getLong(offset + 8);
        ByteBuffer payload = segment.slice(offset + HEADER, length);
        if (sequence < 1 || crc(length, sequence, payload.duplicate()) != segment.getInt(offset + 4)) {
            return Optional.empty();
        }
        byte[] bytes = new byte[length];
        payload.get(bytes);
        return Optional.of(new Frame(sequence, bytes));
    }

    private static int crc(int length, long sequence, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(12).putInt(length).putLong(sequence).flip());
        crc.update(payload);
        return (int) crc.getValue();
    }
}
