package dev.postern.gateway.platform;

import dev.postern.session.ContentTooLarge;
import dev.postern.session.MessageAssembler;
import dev.postern.session.MessageAssembler.Message;
import dev.postern.session.Received;
import dev.postern.session.SealedSession;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// The relay's end of one sealed session. Confined to its channel's event loop, but for [#send] and [#breakConnection].
final class FakeSession {
    private static final int MAX_REQUEST = 4 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Channel channel;
    private final SealedSession sealed;
    private final Consumer<FakeStream> model;
    private final Queue<String> farewells;
    private final Map<Integer, MessageAssembler> arriving = new HashMap<>();
    private final Map<Integer, FakeStream> streams = new HashMap<>();

    FakeSession(Channel channel, SealedSession sealed, Consumer<FakeStream> model, Queue<String> farewells) {
        this.channel = channel;
        this.sealed = sealed;
        this.model = model;
        this.farewells = farewells;
    }

    void receive(ByteBuffer frame) {
        switch (sealed.receive(frame)) {
            case Received.Delivered chunk -> deliver(chunk);
            case Received.StreamError(int number, var _) -> {
                FakeStream stream = streams.get(number);
                if (stream != null) {
                    stream.cancelled().complete(null);
                }
            }
            case Received.Closed closed -> farewells.add(closed.reason());
            case Received.Dropped _, Received.KeyUpdated _ -> {}
        }
    }

    private void deliver(Received.Delivered chunk) {
        try {
            arriving.computeIfAbsent(chunk.stream(), _ -> new MessageAssembler(MAX_REQUEST))
                    .add(chunk)
                    .map(Message::content)
                    .ifPresent(json -> {
                        FakeStream stream = new FakeStream(this, sealed, chunk.stream(), JSON.readTree(json));
                        arriving.remove(chunk.stream());
                        streams.put(chunk.stream(), stream);
                        model.accept(stream);
                    });
        } catch (ContentTooLarge e) {
            throw new IllegalStateException(e);
        }
    }

    void send(Supplier<List<byte[]>> frames) {
        channel.eventLoop().execute(() -> {
            for (byte[] frame : frames.get()) {
                var _ = channel.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(frame)));
            }
            channel.flush();
        });
    }

    /// Without end, one frame after the other, as fast as the connection takes them.
    void flood(Supplier<List<byte[]>> frames, Runnable sent) {
        channel.eventLoop().execute(() -> {
            byte[] frame = frames.get().getFirst();
            var _ = channel.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(frame)))
                    .addListener(written -> {
                        if (written.isSuccess()) {
                            sent.run();
                            flood(frames, sent);
                        }
                    });
        });
    }

    void breakConnection() {
        var _ = channel.close();
    }
}
