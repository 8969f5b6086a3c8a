package dev.postern.session;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/// Puts the chunks of one stream together again: BYTES chunks are carried over until one of another type, or the
/// FIN, completes the message. Bounded; for one thread; one per stream and direction.
public final class MessageAssembler {
    private final int maxBytes;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    /// A whole content: one event of a streamed answer, or the one document of a request or plain answer.
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Message(ContentType type, byte[] content, Chunk chunk) {
        /// Whether the stream's half ends with this message. A streamed answer's last message is empty.
        public boolean last() {
            return chunk == Chunk.LAST;
        }

        /// Type and length; never content.
        @Override
        public String toString() {
            return "Message[" + type + ", " + content.length + " octets, " + chunk + "]";
        }
    }

    /// @param maxBytes the longest message that is accepted
    public MessageAssembler(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// Takes the next chunk; the message, when it completes one.
    ///
    /// @throws ContentTooLarge when the message is longer than allowed: end the stream with an error
    public Optional<Message> add(Received.Delivered chunk) throws ContentTooLarge {
        if (chunk.content().length > maxBytes - pending.size()) {
            pending.reset();
            throw new ContentTooLarge(maxBytes);
        }
        boolean complete = chunk.fin() || chunk.type() != ContentType.BYTES;
        if (complete && pending.size() == 0) {
            return Optional.of(new Message(chunk.type(), chunk.content(), chunk.chunk()));
        }
        pending.writeBytes(chunk.content());
        if (!complete) {
            return Optional.empty();
        }
        byte[] content = pending.toByteArray();
        pending.reset();
        return Optional.of(new Message(chunk.type(), content, chunk.chunk()));
    }
}
