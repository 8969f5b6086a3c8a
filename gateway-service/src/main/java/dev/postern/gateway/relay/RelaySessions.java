package dev.postern.gateway.relay;

import dev.postern.gateway.problem.Failure;
import dev.postern.session.MessageAssembler.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/// The gateway's sealed sessions with the relays: few, shared by all requests, opened when a request needs one.
///
/// Guarantee: a request is sent at most once. It waits for a session no longer than configured; once any of it was
/// sent, the loss of its session is the end of it, because nobody but the client can know whether asking again does
/// harm. Safe for any thread.
public final class RelaySessions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RelaySessions.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final SessionOpener opener;
    private final RelayProperties properties;
    private final BooleanSupplier flowing;
    private final Clock clock;
    private final Set<SealedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger waiting = new AtomicInteger();
    private @Nullable Mono<SealedConnection> opening;
    private volatile boolean reachable = true;
    private volatile Instant nextAhead = Instant.MIN;

    /// @param flowing whether answers may leave at present
    RelaySessions(SessionOpener opener, RelayProperties properties, BooleanSupplier flowing, Clock clock) {
        this.opener = opener;
        this.flowing = flowing;
        this.properties = properties;
        this.clock = clock;
    }

    /// Sends a request when subscribed to, and gives its answer's messages. Completes only after the relay's FIN; fails
    /// with [dev.postern.gateway.problem.Refused] otherwise. Cancelling it cancels the request at the relay.
    ///
    /// @param request the JSON document of the protocol
    /// @param sent run once the request is on the socket
    public Flux<Message> exchange(byte[] request, AnswerShape shape, Runnable sent) {
        return Flux.defer(() -> {
            RelayStream stream =
                    new RelayStream(request, properties.deadline(), properties.limits(shape), flowing, sent);
            place(stream);
            return stream.answer();
        });
    }

    private void place(RelayStream stream) {
        SealedConnection ready = leastLoaded();
        if (ready != null) {
            ready.begin(stream, this::place);
            if (ready.ages() || isCrowded(ready)) {
                openAhead();
            }
            return;
        }
        waiting.incrementAndGet();
        opening()
                .timeout(properties.sessionWait())
                .doFinally(_ -> waiting.decrementAndGet())
                .subscribe(
                        connection -> connection.begin(stream, this::place),
                        _ -> stream.fail(Failure.RELAY_UNAVAILABLE));
    }

    /// The best of those that take new streams; the others are told to end once they are empty.
    private @Nullable SealedConnection leastLoaded() {
        SealedConnection best = null;
        for (SealedConnection connection : connections) {
            if (!connection.usable()) {
                connection.retire();
            } else if (best == null || connection.load() < best.load()) {
                best = connection;
            }
        }
        return best;
    }

    private boolean isCrowded(SealedConnection leastLoaded) {
        return leastLoaded.load() >= properties.streamsBeforeNext()
                && connections.stream().filter(SealedConnection::usable).count() < properties.sessions();
    }

    /// Opens a session before anybody has to wait for it. Nobody hears when that fails, so it is not tried too often.
    private void openAhead() {
        if (!clock.instant().isBefore(nextAhead)) {
            opening().subscribe(_ -> {}, _ -> nextAhead = clock.instant().plus(LONGEST_PAUSE));
        }
    }

    /// Moves to new connections, as this service has a new certificate: first there is a new one, then the others take
    /// no more streams and close when their last has ended.
    void startAnew() {
        List<SealedConnection> before = List.copyOf(connections);
        if (!before.isEmpty()) {
            opening().subscribe(_ -> before.forEach(SealedConnection::retire), _ -> {});
        }
    }

    /// The attempt under way, or a new one. It goes on, with pauses, while anybody waits for it.
    private synchronized Mono<SealedConnection> opening() {
        if (opening == null) {
            opening = opener.open()
                    .doOnNext(this::add)
                    .doOnError(this::report)
                    .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                            .maxBackoff(LONGEST_PAUSE)
                            .filter(_ -> waiting.get() > 0))
                    .doFinally(_ -> forgetOpening())
                    .cache();
        }
        return opening;
    }

    private synchronized void forgetOpening() {
        opening = null;
    }

    private void add(SealedConnection connection) {
        if (!reachable) {
            reachable = true;
            log.info("a relay is reachable again");
        }
        connections.stream().filter(SealedConnection::ages).forEach(SealedConnection::retire);
        connections.add(connection);
        connection.onEnd(() -> connections.remove(connection));
    }

    private void report(Throwable failed) {
        if (reachable) {
            reachable = false;
            log.warn(
                    "no sealed session can be opened: {}",
                    RelayUnreachable.because(failed).reason());
        }
    }

    /// Closes every session; what is under way on them breaks off.
    @Override
    public void close() {
        List<CompletableFuture<Void>> goodbyes =
                connections.stream().map(SealedConnection::shutDown).toList();
        try {
            CompletableFuture.allOf(goodbyes.toArray(CompletableFuture[]::new))
                    .get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // The relay sees the connection go and needs no farewell.
        }
    }
}
