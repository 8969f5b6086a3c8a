package dev.postern.testrelay;

import dev.postern.session.ContentTooLarge;
import dev.postern.session.MessageAssembler;
import dev.postern.session.MessageAssembler.Message;
import dev.postern.session.Received;
import dev.postern.session.Refusal;
import dev.postern.session.SealedSession;
import dev.postern.session.StreamProblem;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// The relay's end of one session. Confined to its channel's event loop, but for the methods that go there themselves.
public final class TestSession {
    private final Channel channel;
    private final SealedSession sealed;
    private final Consumer<TestStream> model;
    private final Optional<StreamProblem> uploads;
    private final Map<Integer, MessageAssembler> arriving = new HashMap<>();
    private final Map<Integer, TestStream> streams = new HashMap<>();
    private final CompletableFuture<String> farewell = new CompletableFuture<>();

    /// @param uploads how a request is refused that is longer than a frame, when it is
    TestSession(Channel channel, SealedSession sealed, Consumer<TestStream> model, Optional<StreamProblem> uploads) {
        this.channel = channel;
        this.sealed = sealed;
        this.model = model;
        this.uploads = uploads;
    }

    void receive(byte[] frame) {
        switch (sealed.receive(frame)) {
            case Received.Delivered chunk -> deliver(chunk);
            case Received.StreamError(int number, var problem) -> {
                TestStream stream = streams.get(number);
                if (stream != null) {
                    stream.cancelled().complete(problem.code());
                }
            }
            case Received.Closed closed -> farewell.complete(closed.reason());
            case Received.Dropped _, Received.KeyUpdated _ -> {}
        }
    }

    private void deliver(Received.Delivered chunk) {
        if (uploads.isPresent() && !chunk.fin()) {
            write(sealed.sealError(chunk.stream(), uploads.get()));
            return;
        }
        try {
            arriving.computeIfAbsent(chunk.stream(), _ -> new MessageAssembler(4 << 20))
                    .add(chunk)
                    .map(Message::content)
                    .ifPresent(json -> {
                        TestStream stream =
                                new TestStream(this, sealed, chunk.stream(), new JsonMapper().readTree(json));
                        arriving.remove(chunk.stream());
                        streams.put(chunk.stream(), stream);
                        model.accept(stream);
                    });
        } catch (ContentTooLarge e) {
            throw new IllegalStateException(e);
        }
    }

    /// Any thread.
    void send(Supplier<List<byte[]>> frames) {
        channel.eventLoop().execute(() -> write(frames.get()));
    }

    void write(List<byte[]> frames) {
        for (byte[] frame : frames) {
            var _ = channel.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(frame)));
        }
        channel.flush();
    }

    /// Any thread.
    public void updateKeys() {
        send(sealed::updateKeys);
    }

    /// Ends it with CLOSE, as a relay does. Any thread.
    public void end(String reason, Refusal refusal) {
        send(() -> sealed.sealClose(reason));
        channel.eventLoop().execute(() -> close(channel, refusal));
    }

    /// Closes the WebSocket without CLOSE, as any hop can. Any thread.
    public void hangUp(Refusal refusal) {
        channel.eventLoop().execute(() -> close(channel, refusal));
    }

    /// After what was sent before. Any thread.
    public void breakConnection() {
        channel.eventLoop().execute(() -> {
            var _ = channel.close();
        });
    }

    /// The reason in the client's CLOSE.
    public CompletableFuture<String> farewell() {
        return farewell;
    }

    static void close(Channel channel, Refusal refusal) {
        var _ = channel.writeAndFlush(new CloseWebSocketFrame(refusal.closeCode(), refusal.code()))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
