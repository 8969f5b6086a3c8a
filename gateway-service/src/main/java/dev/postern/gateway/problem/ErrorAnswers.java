package dev.postern.gateway.problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// The one place where a failure becomes an HTTP answer.
public final class ErrorAnswers {
    private static final Logger log = LoggerFactory.getLogger(ErrorAnswers.class);
    private static final String RETRY_AFTER_SECONDS = "1";

    private ErrorAnswers() {}

    /// The failure that `thrown` stands for; what nobody foresaw is logged, because it is a bug of ours.
    public static Failure failure(Throwable thrown) {
        Failure failure = FailureMapping.of(thrown);
        if (failure == Failure.INTERNAL && !(thrown instanceof Refused)) {
            log.error("a request failed for a reason that nobody foresaw", thrown);
        }
        return failure;
    }

    /// As a refusal, which says no more than that.
    public static Refused refused(Throwable thrown) {
        return thrown instanceof Refused refused ? refused : new Refused(failure(thrown));
    }

    /// Answers with `failure` in the shape of the request's path. An answer that has begun cannot be taken back: its
    /// connection is broken off instead, so that nobody takes it for complete.
    public static Mono<Void> write(ServerWebExchange exchange, Failure failure) {
        return write(exchange, new Refused(failure));
    }

    /// The same for a refusal that may say more than its failure does.
    public static Mono<Void> write(ServerWebExchange exchange, Refused refused) {
        Failure failure = refused.failure();
        ServerHttpResponse response = exchange.getResponse();
        if (!response.setStatusCode(HttpStatusCode.valueOf(failure.status()))) {
            return Mono.error(refused);
        }
        ErrorShape shape = ErrorShape.at(exchange.getRequest().getPath().value());
        byte[] body = shape.body(failure, refused.sentence());
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(shape.mediaType());
        headers.setContentLength(body.length);
        headers.setCacheControl("no-store");
        Challenges.add(exchange, failure, headers);
        describe(failure, headers);
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer));
    }

    private static void describe(Failure failure, HttpHeaders headers) {
        switch (failure) {
            // The rest of the body is not read, so the connection cannot be used again.
            case TOO_LARGE, TOO_SLOW -> headers.set(HttpHeaders.CONNECTION, "close");
            default -> {}
        }
        if (failure.passes()) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
    }
}
