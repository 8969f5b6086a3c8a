package dev.postern.gateway.relay;

import dev.postern.session.SessionTerms;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// When a session takes new streams: in the first half of its life, so that each has the other half to end in, and
/// only while the relay certainly still holds it.
///
/// A relay drops a session that was never used within 5 s, and one that was idle. Both ends cannot agree on the
/// instant, so this end stops early. Safe for any thread.
final class SessionWindow {
    private static final Duration UNCONFIRMED = Duration.ofSeconds(4);
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Clock clock;
    private final Instant agesFrom;
    private final Instant takesUntil;
    private final Duration idle;
    private volatile Instant quietUntil;

    /// @param ends when the session, or a certificate of its connection, ends
    SessionWindow(Clock clock, SessionTerms terms, Instant ends) {
        this.clock = clock;
        Instant now = clock.instant();
        Duration half = Duration.between(now, ends).dividedBy(2);
        this.takesUntil = now.plus(half);
        this.agesFrom = now.plus(half.multipliedBy(3).dividedBy(4));
        this.idle = terms.idle().compareTo(MARGIN.multipliedBy(2)) > 0
                ? terms.idle().minus(MARGIN)
                : terms.idle().dividedBy(2);
        this.quietUntil = now.plus(UNCONFIRMED);
    }

    boolean open() {
        Instant now = clock.instant();
        return now.isBefore(takesUntil) && now.isBefore(quietUntil);
    }

    /// Whether the end of taking new streams is near.
    boolean ages() {
        return !clock.instant().isBefore(agesFrom);
    }

    /// A frame was sent.
    void used() {
        quietUntil = clock.instant().plus(idle);
    }
}
