package dev.postern.client;

import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The receiving side of a WebSocket, one whole binary message at a time. It asks for the next one only when the
/// receiver wants it, so what nobody reads stays at its sender. Called by one thread at a time.
final class FrameSocket implements WebSocket.Listener {
    /// More than any message of the protocol.
    private static final int MAX_MESSAGE = 32 * 1024;

    private static final SocketClosed TOO_LONG = new SocketClosed(1009, "");
    private static final SocketClosed NOT_BINARY = new SocketClosed(1003, "");

    private final CompletableFuture<First> first = new CompletableFuture<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final AtomicReference<@Nullable Receiver> receiver = new AtomicReference<>();
    private final AtomicReference<@Nullable SocketClosed> closed = new AtomicReference<>();

    /// What takes everything after the first message.
    interface Receiver {
        /// Says whether the next message may come; if not, the receiver asks for it itself.
        boolean message(byte[] octets);

        void closed(SocketClosed how);
    }

    /// What came first.
    sealed interface First {}

    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Message(byte[] octets) implements First {}

    record Refused(SocketClosed how) implements First {}

    /// The first message, after which nothing is asked for until [#deliverTo].
    CompletableFuture<First> first() {
        return first;
    }

    /// Messages go there from now on.
    void deliverTo(WebSocket socket, Receiver next) {
        receiver.set(next);
        SocketClosed already = closed.get();
        if (already == null) {
            socket.request(1);
        } else {
            next.closed(already);
        }
    }

    @Override
    public void onOpen(WebSocket socket) {
        socket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        if (partial.size() + data.remaining() > MAX_MESSAGE) {
            socket.abort();
            ended(TOO_LONG);
            return null;
        }
        byte[] octets = new byte[data.remaining()];
        data.get(octets);
        partial.writeBytes(octets);
        if (!last) {
            socket.request(1);
            return null;
        }
        byte[] message = partial.toByteArray();
        partial.reset();
        Receiver established = receiver.get();
        if (established == null) {
            first.complete(new Message(message));
        } else if (established.message(message)) {
            socket.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        socket.abort();
        ended(NOT_BINARY);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        ended(new SocketClosed(code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
        ended(SocketClosed.BROKEN);
    }

    private void ended(SocketClosed how) {
        if (closed.compareAndSet(null, how)) {
            first.complete(new Refused(how));
            Receiver established = receiver.get();
            if (established != null) {
                established.closed(how);
            }
        }
    }
}
