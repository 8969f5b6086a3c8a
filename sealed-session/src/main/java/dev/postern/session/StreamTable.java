package dev.postern.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The streams that are open, and the rules of order: the client numbers them strictly increasing, chunks are
/// contiguous from 0, nothing follows a FIN. What it holds is bounded by the number of streams open at once.
final class StreamTable {
    private final Role self;
    private final int maxOpen;
    private final Map<Integer, Stream> open = new HashMap<>();
    private int highest;
    private int count;

    private static final class Stream {
        private int nextSent;
        private int nextReceived;
        private boolean sendingDone;
        private boolean receivingDone;
    }

    StreamTable(Role self, int maxOpen) {
        this.self = self;
        this.maxOpen = maxOpen;
    }

    /// Client: a new stream's number.
    int allocate() {
        if (self != Role.CLIENT) {
            throw new IllegalStateException("only a client opens streams");
        }
        if (open.size() >= maxOpen) {
            throw new SessionUnusable(SessionUnusable.Reason.STREAM_LIMIT);
        }
        highest = Math.addExact(highest, 1);
        count++;
        open.put(highest, new Stream());
        return highest;
    }

    /// The next chunk number we send on a stream.
    int nextToSend(int number, Chunk chunk) {
        Stream stream = open.get(number);
        if (stream == null || stream.sendingDone) {
            throw new SessionUnusable(SessionUnusable.Reason.STREAM_ENDED);
        }
        stream.sendingDone = chunk == Chunk.LAST;
        int idx = stream.nextSent++;
        forgetIfDone(number, stream);
        return idx;
    }

    /// Checks a received chunk against the rules and takes it in; null when it is the one expected.
    @Nullable
    DropReason receive(int number, int idx, Chunk chunk) {
        Stream stream = open.get(number);
        if (stream == null) {
            DropReason refused = refuseNew(number, idx);
            if (refused != null) {
                return refused;
            }
            stream = new Stream();
            open.put(number, stream);
            highest = number;
            count++;
        } else if (stream.receivingDone) {
            return DropReason.STREAM_ENDED;
        } else if (idx != stream.nextReceived) {
            return DropReason.BAD_INDEX;
        }
        stream.nextReceived++;
        stream.receivingDone = chunk == Chunk.LAST;
        forgetIfDone(number, stream);
        return null;
    }

    private @Nullable DropReason refuseNew(int number, int idx) {
        if (number <= highest) {
            return DropReason.STREAM_ENDED;
        }
        if (self == Role.CLIENT) {
            return DropReason.UNKNOWN_STREAM;
        }
        if (idx != 0) {
            return DropReason.BAD_INDEX;
        }
        return open.size() >= maxOpen ? DropReason.STREAM_LIMIT : null;
    }

    /// Ends both halves at once, as an error does. False when the stream was not open.
    boolean abort(int number) {
        return open.remove(number) != null;
    }

    boolean isOpen(int number) {
        return open.containsKey(number);
    }

    /// The numbers of the streams whose received half has not seen its FIN, ascending.
    List<Integer> unfinished() {
        return open.entrySet().stream()
                .filter(entry -> !entry.getValue().receivingDone)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    int openCount() {
        return open.size();
    }

    /// Streams there ever were.
    int count() {
        return count;
    }

    private void forgetIfDone(int number, Stream stream) {
        if (stream.sendingDone && stream.receivingDone) {
            open.remove(number);
        }
    }
}
