package dev.postern.gateway.routing;

import dev.postern.gateway.api.Operation;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/// Reads a request's body, up to the limit and not a byte further.
final class BodyReader {
    private static final byte[] NONE = {};

    private final int limit;

    BodyReader(int limit) {
        this.limit = limit;
    }

    /// The bytes of the body, none for an operation that has no body; fails with [Refused].
    Mono<byte[]> read(Operation operation, ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        if (!operation.hasBody()) {
            return hasBody(headers) ? Mono.error(new Refused(Failure.MALFORMED)) : Mono.just(NONE);
        }
        if (headers.getContentLength() > limit) {
            return Mono.error(new Refused(Failure.TOO_LARGE));
        }
        if (!isPlainJson(headers)) {
            return Mono.error(new Refused(Failure.UNSUPPORTED_MEDIA_TYPE));
        }
        return DataBufferUtils.join(request.getBody(), limit)
                .switchIfEmpty(Mono.error(() -> new Refused(Failure.MALFORMED_JSON)))
                .map(BodyReader::take);
    }

    private static boolean hasBody(HttpHeaders headers) {
        return headers.getContentLength() > 0 || headers.getFirst(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    private static byte[] take(DataBuffer buffer) {
        try {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    private static boolean isPlainJson(HttpHeaders headers) {
        String encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return false;
        }
        try {
            MediaType type = headers.getContentType();
            if (type == null) {
                return true;
            }
            Charset charset = type.getCharset();
            return MediaType.APPLICATION_JSON.equalsTypeAndSubtype(type)
                    && (charset == null || charset.equals(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
