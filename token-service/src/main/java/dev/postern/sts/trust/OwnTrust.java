package dev.postern.sts.trust;

import dev.postern.sts.revocation.Announcement;
import dev.postern.trust.OwnTrustFeed;
import dev.postern.trust.Publication;
import dev.postern.trust.TrustChange;
import dev.postern.trust.TrustPublisher;
import dev.postern.trust.TrustSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This replica's view of what is in force, kept in line with the database: its own changes at once, those of other
/// replicas within 200 ms.
///
/// Fails closed: when the database could not be asked for 900 ms, nobody's standing is known until it answers again. A
/// second thread watches the time, as the one that asks may have to wait for longer than that.
final class OwnTrust implements Announcement, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OwnTrust.class);
    private static final Duration PACE = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofMillis(900);

    private final TrustSource source;
    private final OwnTrustFeed feed;
    private final TrustPublisher publisher;
    private final Clock clock;
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("own-trust").factory());

    // The asking thread's own.
    private String known = "";

    /// Guarded by this, together with whether the feed is current.
    private Instant answered = Instant.EPOCH;

    OwnTrust(TrustSource source, OwnTrustFeed feed, TrustPublisher publisher, Clock clock) {
        this.source = source;
        this.feed = feed;
        this.publisher = publisher;
        this.clock = clock;
    }

    /// Reads what is in force, then goes on by itself.
    OwnTrust start() {
        refresh();
        var _ = scheduler.scheduleWithFixedDelay(
                this::refresh, PACE.toMillis(), PACE.toMillis(), TimeUnit.MILLISECONDS);
        var _ = scheduler.scheduleWithFixedDelay(this::watch, PACE.toMillis(), PACE.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    void refresh() {
        try {
            String version = source.version();
            if (!version.equals(known)) {
                feed.apply(source.inForce());
                known = version;
            }
            feed.expire();
            heard();
        } catch (RuntimeException e) {
            log.debug("what is revoked cannot be read: {}", e.getClass().getSimpleName());
            watch();
        }
    }

    private synchronized void heard() {
        answered = clock.instant();
        feed.current(true);
    }

    private synchronized void watch() {
        if (clock.instant().isAfter(answered.plus(SILENCE)) && feed.current()) {
            log.warn("what is revoked cannot be read");
            feed.current(false);
        }
    }

    @Override
    public boolean announce(List<? extends TrustChange> changes) {
        feed.apply(List.copyOf(changes));
        return publisher.publish(changes).join() == Publication.ON_FEED;
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
