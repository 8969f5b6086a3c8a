package dev.postern.gateway.routing;

import dev.postern.gateway.api.Operation;
import dev.postern.gateway.api.RequestBody;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/// Reads a request's body, and keeps it up to the limit.
final class BodyReader {
    private static final byte[] NONE = {};
    /// A client that still sends is not listening yet: this many times the limit is read for it before the connection
    /// is closed in its face.
    private static final int THROWN_AWAY = 8;

    private final ToIntFunction<Operation> limits;

    /// @param limits octets of the longest body of an operation
    BodyReader(ToIntFunction<Operation> limits) {
        this.limits = limits;
    }

    /// The bytes of the body, none for an operation that has no body; fails with [Refused].
    ///
    /// @param lease pays for what is kept
    Mono<byte[]> read(Operation operation, ServerHttpRequest request, BodyBudget.Lease lease) {
        HttpHeaders headers = request.getHeaders();
        if (!operation.hasBody()) {
            return RequestBody.isAnnounced(headers) ? Mono.error(new Refused(Failure.MALFORMED)) : Mono.just(NONE);
        }
        int limit = limits.applyAsInt(operation);
        if (headers.getContentLength() > limit && headers.getFirst(HttpHeaders.EXPECT) != null) {
            // The client asked first, so there is nothing to throw away.
            return Mono.error(new Refused(Failure.TOO_LARGE));
        }
        if (!isPlainJson(headers)) {
            return Mono.error(new Refused(Failure.UNSUPPORTED_MEDIA_TYPE));
        }
        return Mono.defer(() -> collect(request, limit, new BodyCollector(limit, headers.getContentLength(), lease)));
    }

    private static Mono<byte[]> collect(ServerHttpRequest request, int limit, BodyCollector collector) {
        return request.getBody()
                .map(collector::add)
                .takeUntil(collected -> collected.seen() > (long) limit * THROWN_AWAY)
                .then(Mono.fromSupplier(() -> collector.body().orElseThrow(() -> new Refused(Failure.TOO_LARGE))));
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
