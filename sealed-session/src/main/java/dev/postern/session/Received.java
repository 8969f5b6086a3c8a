package dev.postern.session;

import java.util.List;

/// What became of a received frame. Switch over it without a default.
public sealed interface Received {
    /// Authentic, fresh and in order. `epoch` and `seq` name the frame for a second replay store.
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Delivered(int epoch, long seq, int stream, int idx, Chunk chunk, ContentType type, byte[] content)
            implements Received {
        /// Whether this ends the peer's half of the stream.
        public boolean fin() {
            return chunk == Chunk.LAST;
        }

        /// Place and length; never content.
        @Override
        public String toString() {
            return "Delivered[stream=" + stream + ", idx=" + idx + ", " + chunk + ", " + type + ", " + content.length
                    + " octets]";
        }
    }

    /// The peer ended a stream with a problem (or cancelled it). Stream 0 means the session as a whole; only a
    /// relay says that.
    record StreamError(int stream, StreamProblem problem) implements Received {}

    /// Client only: the relay began a new epoch; everything sealed from now on is sealed under it.
    record KeyUpdated(int epoch) implements Received {}

    /// The peer closed the session. `truncated` lists the streams it left without a FIN; `missingFrames` counts
    /// frames it says it sent and that never arrived. Either is an error for whoever waited.
    record Closed(String reason, List<Integer> truncated, long missingFrames) implements Received {
        /// Whether nothing was lost.
        public boolean complete() {
            return truncated.isEmpty() && missingFrames == 0;
        }
    }

    /// Nothing happened. Count it by reason; answer nothing.
    record Dropped(DropReason reason) implements Received {}
}
