package dev.postern.session;

import java.nio.ByteBuffer;

/// The 44 octets in front of every ciphertext, and all of the AEAD's associated data.
///
/// A value of this type satisfies every limit of the protocol; [#parse] is the only way from the wire and allocates
/// nothing that depends on what the header says.
record FrameHeader(
        FrameType type,
        boolean fin,
        Role sender,
        SessionId session,
        int epoch,
        long seq,
        int stream,
        int idx,
        int length) {
    static final int LENGTH = 44;
    static final int TAG_LENGTH = 16;
    static final int MAX_PLAINTEXT = 16 * 1024;
    static final long MAX_SEQ = (1L << 53) - 1;

    private static final int VERSION = 1;
    private static final int FIN = 1;
    private static final int FROM_RELAY = 2;
    private static final int CONTROL = 4;
    private static final int SESSION_OFFSET = 4;

    /// A header, or why there is none.
    sealed interface Parsed {}

    record Valid(FrameHeader header) implements Parsed {}

    record Invalid(DropReason reason) implements Parsed {}

    private static final Invalid MALFORMED = new Invalid(DropReason.MALFORMED);
    private static final Invalid TOO_LARGE = new Invalid(DropReason.TOO_LARGE);

    /// Reads the header of one whole frame: the buffer's remaining octets, no more and no fewer. The position
    /// stays.
    static Parsed parse(ByteBuffer frame) {
        int start = frame.position();
        if (frame.remaining() < LENGTH) {
            return MALFORMED;
        }
        FrameType type = FrameType.of(Byte.toUnsignedInt(frame.get(start + 1)));
        int flags = Short.toUnsignedInt(frame.getShort(start + 2));
        if (frame.get(start) != VERSION || type == null || (flags & ~(FIN | FROM_RELAY | CONTROL)) != 0) {
            return MALFORMED;
        }
        int length = frame.getInt(start + 40);
        if (length < 0 || length > MAX_PLAINTEXT + TAG_LENGTH) {
            return TOO_LARGE;
        }
        FrameHeader header = new FrameHeader(
                type,
                (flags & FIN) != 0,
                (flags & FROM_RELAY) != 0 ? Role.RELAY : Role.CLIENT,
                SessionId.read(frame, start + SESSION_OFFSET),
                frame.getInt(start + 20),
                frame.getLong(start + 24),
                frame.getInt(start + 32),
                frame.getInt(start + 36),
                length);
        boolean control = (flags & CONTROL) != 0;
        boolean sound = length > TAG_LENGTH
                && frame.remaining() == LENGTH + length
                && header.epoch >= 0
                && header.seq >= 0
                && header.seq <= MAX_SEQ
                && header.stream >= 0
                && header.idx >= 0
                && control == header.control()
                && header.shapeFitsType();
        return sound ? new Valid(header) : MALFORMED;
    }

    /// Stream 0 is the session itself: its frames, and only those, carry the CONTROL flag.
    private boolean control() {
        return stream == 0;
    }

    private boolean shapeFitsType() {
        return switch (type) {
            case DATA -> stream > 0;
            case KEY_UPDATE -> stream == 0 && idx == 0 && !fin && sender == Role.RELAY;
            case CLOSE -> stream == 0 && idx == 0 && !fin;
            // A client ends its session with CLOSE; it has no more to say about it.
            case ERROR -> idx == 0 && !fin && (stream > 0 || sender == Role.RELAY);
        };
    }

    /// Writes the 44 octets.
    void write(ByteBuffer to) {
        int flags = (fin ? FIN : 0) | (sender == Role.RELAY ? FROM_RELAY : 0) | (control() ? CONTROL : 0);
        to.put((byte) VERSION).put((byte) type.code()).putShort((short) flags);
        session.write(to);
        to.putInt(epoch).putLong(seq).putInt(stream).putInt(idx).putInt(length);
    }
}
