package dev.postern.relay.upstream;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/// Cuts a byte stream into server-sent events (WHATWG HTML, "Server-sent events"), whatever the network's cuts
/// are.
///
/// Guarantees: lines end with LF, CR or CRLF, also when a cut falls between CR and LF; several `data` lines
/// join with LF; comments and other fields are skipped; a leading byte order mark is dropped; text is handed on
/// as bytes, so a character cut in two arrives whole. An event that the stream ends inside is not reported: the
/// caller sees the end and judges it. An event over the limit ends parsing with [EventTooLarge].
///
/// Not thread-safe.
final class SseParser {
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /// An event, or a line of one, is larger than a model may send.
    static final class EventTooLarge extends Exception {
        private static final long serialVersionUID = 1L;

        EventTooLarge() {
            super("event over the limit", null, false, false);
        }
    }

    private final int limit;
    private byte[] line = new byte[1024];
    private int lineLength;
    private byte[] event = new byte[1024];
    private int eventLength;
    private boolean hasData;
    private boolean afterReturn;
    private boolean firstLine = true;

    SseParser(int limit) {
        this.limit = limit;
    }

    /// Consumes `bytes` and hands every event completed by them to `events`, in order.
    void feed(ByteBuffer bytes, Consumer<byte[]> events) throws EventTooLarge {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (afterReturn) {
                afterReturn = false;
                if (next == '\n') {
                    continue;
                }
            }
            if (next == '\n' || next == '\r') {
                afterReturn = next == '\r';
                endLine(events);
            } else {
                if (lineLength >= limit) {
                    throw new EventTooLarge();
                }
                if (lineLength == line.length) {
                    line = Arrays.copyOf(line, line.length * 2);
                }
                line[lineLength++] = next;
            }
        }
    }

    private void endLine(Consumer<byte[]> events) throws EventTooLarge {
        int start = 0;
        if (firstLine) {
            firstLine = false;
            if (lineLength >= MARK.length && Arrays.equals(line, 0, MARK.length, MARK, 0, MARK.length)) {
                start = MARK.length;
            }
        }
        if (lineLength == start) {
            endEvent(events);
        } else {
            field(start);
        }
        lineLength = 0;
    }

    private void field(int start) throws EventTooLarge {
        int nameEnd = start + DATA.length;
        if (lineLength < nameEnd || !Arrays.equals(line, start, nameEnd, DATA, 0, DATA.length)) {
            return;
        }
        if (lineLength == nameEnd) {
            append(nameEnd);
        } else if (line[nameEnd] == ':') {
            int value = nameEnd + 1;
            append(value < lineLength && line[value] == ' ' ? value + 1 : value);
        }
    }

    private void append(int from) throws EventTooLarge {
        int length = lineLength - from;
        int separator = hasData ? 1 : 0;
        int needed = eventLength + separator + length;
        if (needed > limit) {
            throw new EventTooLarge();
        }
        if (needed > event.length) {
            event = Arrays.copyOf(event, Math.max(needed, event.length * 2));
        }
        if (hasData) {
            event[eventLength++] = '\n';
        }
        System.arraycopy(line, from, event, eventLength, length);
        eventLength += length;
        hasData = true;
    }

    private void endEvent(Consumer<byte[]> events) {
        if (hasData) {
            byte[] data = Arrays.copyOf(event, eventLength);
            hasData = false;
            eventLength = 0;
            events.accept(data);
        }
    }
}
