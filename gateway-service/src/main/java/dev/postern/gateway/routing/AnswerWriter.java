package dev.postern.gateway.routing;

import dev.postern.gateway.exchange.BrokenAnswer;
import dev.postern.gateway.problem.ErrorAnswers;
import dev.postern.gateway.problem.ErrorShape;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.session.MessageAssembler.Message;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Writes a relay's answer as OpenAI's clients expect it.
///
/// Guarantee: an answer that ended early never looks complete. A document is written whole or not at all; an event
/// stream without `[DONE]` ends in an error event.
final class AnswerWriter {
    private static final String NO_STORE = "no-store";

    private AnswerWriter() {}

    /// One JSON document.
    static Mono<Void> document(ServerHttpResponse response, Mono<byte[]> document) {
        return document.switchIfEmpty(Mono.error(() -> new Refused(Failure.ANSWER_TRUNCATED)))
                .flatMap(json -> {
                    HttpHeaders headers = begin(response, MediaType.APPLICATION_JSON);
                    headers.setContentLength(json.length);
                    DataBuffer buffer = response.bufferFactory().wrap(json);
                    return response.writeWith(Mono.just(buffer));
                });
    }

    /// One event per message, each flushed by itself. A failure before the first message is left to the caller, who can
    /// still choose the status.
    static Mono<Void> events(ServerWebExchange exchange, Flux<Message> messages) {
        ServerHttpResponse response = exchange.getResponse();
        return messages.<Void>switchOnFirst((first, all) -> {
                    if (first.getThrowable() != null) {
                        return Mono.error(first.getThrowable());
                    }
                    begin(response, MediaType.TEXT_EVENT_STREAM).set("X-Accel-Buffering", "no");
                    return response.writeAndFlushWith(stream(exchange, all));
                })
                .then();
    }

    private static Flux<Mono<DataBuffer>> stream(ServerWebExchange exchange, Flux<Message> messages) {
        DataBufferFactory buffers = exchange.getResponse().bufferFactory();
        return messages.map(Message::content)
                // The end comes as an empty message.
                .filter(json -> json.length > 0)
                .map(ServerSentEvents::event)
                .concatWith(Mono.fromSupplier(ServerSentEvents::done))
                .onErrorResume(thrown -> Mono.just(brokenOff(exchange, ErrorAnswers.failure(thrown))))
                .map(event -> Mono.just(buffers.wrap(event)));
    }

    private static byte[] brokenOff(ServerWebExchange exchange, Failure failure) {
        BrokenAnswer.mark(exchange, failure);
        return ServerSentEvents.event(ErrorShape.OPENAI.body(failure));
    }

    private static HttpHeaders begin(ServerHttpResponse response, MediaType type) {
        response.setStatusCode(HttpStatus.OK);
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(type);
        headers.setCacheControl(NO_STORE);
        return headers;
    }
}
