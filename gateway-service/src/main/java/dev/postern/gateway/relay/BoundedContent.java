package dev.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Reads a small HTTP answer of another service, and no more than it may be.
final class BoundedContent {
    private BoundedContent() {}

    /// All bytes, or [RelayUnreachable] as soon as there are more than `limit`.
    static Mono<byte[]> read(Flux<? extends ByteBuf> content, int limit) {
        return content.map(BoundedContent::copy)
                .reduceWith(ByteArrayOutputStream::new, (all, piece) -> {
                    if (all.size() + piece.length > limit) {
                        throw new RelayUnreachable("answer-too-large");
                    }
                    all.writeBytes(piece);
                    return all;
                })
                .map(ByteArrayOutputStream::toByteArray);
    }

    private static byte[] copy(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }
}
