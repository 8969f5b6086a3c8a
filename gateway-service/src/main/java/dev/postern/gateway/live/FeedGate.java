package dev.postern.gateway.live;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// Holds back what is on its way to clients while nobody can say whether their tokens were taken back.
///
/// What is held lies in its producer's bounded buffer, because nothing more is asked of it. Safe for any thread.
final class FeedGate {
    private volatile Sinks.@Nullable Empty<Void> closed;

    /// The item, now or when the gate is open again.
    <T> Mono<T> pass(T item) {
        Sinks.Empty<Void> waiting = closed;
        return waiting == null ? Mono.just(item) : waiting.asMono().then(Mono.defer(() -> pass(item)));
    }

    synchronized void close() {
        if (closed == null) {
            closed = Sinks.empty();
        }
    }

    void open() {
        Sinks.Empty<Void> waiting;
        synchronized (this) {
            waiting = closed;
            closed = null;
        }
        if (waiting != null) {
            waiting.tryEmitEmpty();
        }
    }
}
