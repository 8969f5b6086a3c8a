package dev.postern.gateway.live;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.token.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// One request while it is served. Safe for any thread.
public final class LiveRequest {
    /// How long the farewell of an ended stream may take to leave. A client that does not read holds its connection
    /// no longer than that.
    private static final Duration FAREWELL = Duration.ofMillis(250);

    private final Serving serving;
    private final Instant started;
    private final FeedGate gate;
    private final Sinks.Empty<Void> ended = Sinks.empty();

    LiveRequest(Serving serving, Instant started, FeedGate gate) {
        this.serving = serving;
        this.started = started;
        this.gate = gate;
    }

    /// An answer on its way: held back while the trust feed is not current, and over with [Refused] as soon as the
    /// request is ended from outside.
    public <T> Flux<T> guarded(Flux<T> answer) {
        return answer.concatMap(gate::pass, 0).takeUntilOther(ended.asMono());
    }

    /// The writing of that answer; it is broken off when the end of the request does not end it.
    Mono<Void> bounded(Mono<Void> writing) {
        return writing.takeUntilOther(
                ended.asMono().onErrorResume(why -> Mono.delay(FAREWELL).then(Mono.error(why))));
    }

    /// Whether this call ended it.
    boolean end(Failure why) {
        return ended.tryEmitError(new Refused(why)).isSuccess();
    }

    AccessToken token() {
        return serving.token();
    }

    Serving serving() {
        return serving;
    }

    Instant started() {
        return started;
    }

    Supplier<Optional<Failure>> stillAllowed() {
        return serving.stillAllowed();
    }
}
