package dev.postern.cli.sealed;

import dev.postern.cli.terminal.Failure;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A WebSocket on which one binary message is one frame. One thread sends; received frames wait in order.
final class FrameSocket implements AutoCloseable {
    /// Frames in order; an empty one stands for the end of the connection.
    private final BlockingQueue<Optional<byte[]>> received = new LinkedBlockingQueue<>();
    private final WebSocket socket;
    private volatile String closeReason = "";

    private FrameSocket(HttpClient client, URI address, Duration patience) {
        this.socket = client.newWebSocketBuilder()
                .subprotocols("ssp1")
                .connectTimeout(patience)
                .buildAsync(address, new Listener())
                .join();
    }

    static FrameSocket connect(HttpClient client, URI address, Duration patience) {
        try {
            return new FrameSocket(client, address, patience);
        } catch (CompletionException e) {
            throw new Failure("The relay's WebSocket cannot be opened.", e);
        }
    }

    void send(byte[] frame) {
        try {
            socket.sendBinary(ByteBuffer.wrap(frame), true).join();
        } catch (CompletionException e) {
            throw new Failure("The relay's WebSocket is closed" + closeReason + ".", e);
        }
    }

    byte[] next(Duration patience) throws InterruptedException {
        return poll(patience).orElseThrow(() -> new Failure("The relay did not answer in time."));
    }

    /// The next frame, or nothing when none came in time.
    Optional<byte[]> poll(Duration patience) throws InterruptedException {
        Optional<byte[]> frame = received.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (frame == null) {
            return Optional.empty();
        }
        if (frame.isEmpty()) {
            throw new Failure("The relay closed the WebSocket" + closeReason + ".");
        }
        return frame;
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .exceptionally(_ -> socket)
                .join();
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            partial.writeBytes(bytes);
            if (last) {
                received.add(Optional.of(partial.toByteArray()));
                partial.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            // The reason of a refusal is the name of an SSP1 error, a fixed word.
            closeReason = " (" + code + " " + reason + ")";
            received.add(Optional.empty());
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            received.add(Optional.empty());
        }
    }
}
