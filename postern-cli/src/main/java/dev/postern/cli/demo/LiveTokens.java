package dev.postern.cli.demo;

import dev.postern.cli.token.TokenClaims;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// The tokens of one client that are alive, each used in turn until shortly before its end; new ones come all the time.
final class LiveTokens implements Supplier<String>, AutoCloseable {
    private static final long PAUSE_MILLIS = 50;
    /// A request's own time, which may not outlive its token.
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final TokenClient source;
    private final TokenRequest request;
    private final Clock clock;
    private final List<Held> held = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger issued = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread issuing;

    private record Held(String token, String kid, Instant usableUntil) {}

    /// Gets the first one, and then others.
    LiveTokens(TokenClient source, TokenRequest request, Clock clock) throws InterruptedException {
        this.source = source;
        this.request = request;
        this.clock = clock;
        issue();
        this.issuing = Thread.ofVirtual().start(this::issueOn);
    }

    /// The next in turn. When none is alive, for lack of new ones, one that has ended: who serves it refuses it.
    @Override
    public String get() {
        Instant now = clock.instant();
        List<Held> alive =
                held.stream().filter(one -> one.usableUntil().isAfter(now)).toList();
        return alive.isEmpty()
                ? held.getLast().token()
                : alive.get(Math.floorMod(turn.getAndIncrement(), alive.size())).token();
    }

    /// Whether a token of this signing key is still used.
    boolean usesKey(String kid) {
        return held.stream().anyMatch(one -> one.kid().equals(kid));
    }

    /// The key of the newest.
    String newestKey() {
        return held.getLast().kid();
    }

    int issued() {
        return issued.get();
    }

    /// How often none was given.
    int failed() {
        return failed.get();
    }

    @Override
    public void close() {
        over.set(true);
        issuing.interrupt();
    }

    private void issueOn() {
        while (!over.get()) {
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                issue();
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException _) {
                failed.incrementAndGet();
            }
        }
    }

    private void issue() throws InterruptedException {
        String token = source.fetch(request);
        held.add(new Held(token, TokenClaims.kid(token), TokenClaims.end(token).minus(MARGIN)));
        issued.incrementAndGet();
        Instant now = clock.instant();
        Held newest = held.getLast();
        held.removeIf(one -> !one.equals(newest) && one.usableUntil().isBefore(now));
    }
}
