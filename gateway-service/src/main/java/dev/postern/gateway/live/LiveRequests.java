package dev.postern.gateway.live;

import dev.postern.gateway.problem.Failure;
import dev.postern.trust.TrustFeed;
import java.time.Clock;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/// Every request that is being served, and its end when something says so before its answer does.
///
/// Guarantee: a request is ended when its token is revoked, expires or outlives its policy, or when policy decides
/// otherwise than at its beginning; nothing that happens between its verification and its entry here is missed. While
/// the trust feed is not current, no byte of an answer leaves: what is there waits in bounded buffers, and what was
/// revoked meanwhile is ended before anything flows again. Failure direction: closed.
///
/// There are never more entries than the server takes connections. All looks at them run on one thread.
public final class LiveRequests implements LiveSessions {
    private final Set<LiveRequest> serving = ConcurrentHashMap.newKeySet();
    private final FeedGate gate = new FeedGate();
    private final AtomicBoolean lookPending = new AtomicBoolean();
    private final TrustFeed feed;
    private final Executor looking;
    private final LiveMeters meters;
    private final Clock clock;

    /// @param looking one thread
    LiveRequests(TrustFeed feed, Executor looking, LiveMeters meters, Clock clock) {
        this.feed = feed;
        this.looking = looking;
        this.meters = meters;
        this.clock = clock;
        meters.size(serving);
    }

    /// From now on the feed is listened to.
    void follow() {
        feed.onRevocation(_ -> lookSoon());
        feed.onKeyStates(_ -> lookSoon());
        feed.onPolicy(_ -> lookSoon());
        feed.onCurrency(current -> {
            if (!current) {
                gate.close();
            }
            lookSoon();
        });
        gate.close();
        lookSoon();
    }

    /// Serves a request: `writing` gets its entry, through which the answer has to pass. The entry lasts until the
    /// writing is over.
    public Mono<Void> serve(Serving what, Function<LiveRequest, Mono<Void>> writing) {
        return Mono.defer(() -> {
            LiveRequest request = new LiveRequest(what, clock.instant(), gate);
            serving.add(request);
            // Whatever was told since the token was verified found no entry to end.
            why(request).ifPresent(request::end);
            return request.bounded(writing.apply(request)).doFinally(_ -> serving.remove(request));
        });
    }

    @Override
    public int end(Which which, Failure why) {
        return end(request -> which.matches(request.token()), _ -> Optional.of(why));
    }

    /// Asks policy anew about every request that `which` names.
    public void reconsider(Predicate<Serving> which) {
        looking.execute(() -> end(
                request -> which.test(request.serving()),
                request -> request.stillAllowed().get()));
    }

    /// Ends what expired.
    void expire() {
        end(request -> !clock.instant().isBefore(request.token().expiresAt()), _ -> Optional.of(Failure.TOKEN_EXPIRED));
    }

    Collection<LiveRequest> all() {
        return Collections.unmodifiableCollection(serving);
    }

    private void lookSoon() {
        if (lookPending.compareAndSet(false, true)) {
            looking.execute(this::look);
        }
    }

    /// Ends what the feed says is over, and only then lets flow what may.
    private void look() {
        // Before the look: what is told while it runs is looked at again.
        lookPending.set(false);
        boolean current = feed.current();
        end(_ -> true, this::why);
        if (current) {
            gate.open();
            if (!feed.current()) {
                gate.close();
            }
        }
    }

    /// Why it may not go on. That nobody can say is no reason to end it: its bytes wait.
    private Optional<Failure> why(LiveRequest request) {
        return switch (feed.standingOf(request.token())) {
            case REVOKED -> Optional.of(Failure.TOKEN_REVOKED);
            case OUTDATED -> Optional.of(Failure.TOKEN_OUTDATED);
            case TRUSTED, UNKNOWN -> Optional.empty();
        };
    }

    private int end(Predicate<LiveRequest> which, Function<LiveRequest, Optional<Failure>> why) {
        int ended = 0;
        for (LiveRequest request : serving) {
            if (which.test(request)) {
                Optional<Failure> reason = why.apply(request);
                if (reason.isPresent() && request.end(reason.get())) {
                    meters.ended(reason.get());
                    ended++;
                }
            }
        }
        return ended;
    }
}
